/** @jsxImportSource react */
import { hydrateRoot } from 'react-dom/client';
import { App } from './App.tsx';

const { baseUrl = '', channel = '' } = document.body.dataset;
hydrateRoot(document, <App baseUrl={baseUrl} channel={channel} />);
