/** @jsxImportSource react */
import { createClient } from '@continuo/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Chat } from './Chat.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root');
const { baseUrl = '', channel = '' } = root.dataset;
const client = createClient({ baseUrl, channelKey: channel, locale: document.documentElement.lang });

createRoot(root).render(
  <StrictMode>
    <Chat client={client} />
  </StrictMode>,
);
await client.open();
