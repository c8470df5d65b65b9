import { createApi, defaultEnvironment } from '@continuo/core/conversation';
import { render } from 'preact';
import { createInbox } from './state/inbox.ts';
import { App } from './views/App.tsx';
import { InboxContext } from './views/context.ts';

const root = document.getElementById('app');
if (!root) throw new Error('The page has no element #app');

const inbox = createInbox({
  createApi: (onError) => createApi({ baseUrl: location.origin, onError }),
  environment: defaultEnvironment(),
  page: window,
});

render(
  <InboxContext.Provider value={inbox}>
    <App />
  </InboxContext.Provider>,
  root,
);
