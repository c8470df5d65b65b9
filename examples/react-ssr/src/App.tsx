/** @jsxImportSource react */
import { type ReactNode, StrictMode } from 'react';
import { Support, type SupportProps } from './Support.tsx';

/** The whole document, as a root layout of Next's App Router: drawn on the server, taken over in the browser. */
export const App = (props: SupportProps): ReactNode => (
  <StrictMode>
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Nimbus Coffee</title>
        <link rel="icon" href="data:," />
      </head>
      <body data-base-url={props.baseUrl} data-channel={props.channel}>
        <h1>Nimbus Coffee</h1>
        <Support {...props} />
      </body>
    </html>
  </StrictMode>
);
