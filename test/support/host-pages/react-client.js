import { createElement } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { App } from './react-document.js';

window.problems = [];
const problem = (error) => window.problems.push(String(error));
// What the server gave it.
const props = JSON.parse(document.cookie.match(/widget=([^;]*)/)?.[1] ?? '{}');
hydrateRoot(document, createElement(App, props), { onRecoverableError: problem, onUncaughtError: problem });
window.hydrated = true;
