import { useState } from 'preact/hooks';
import type { UiProps } from '../../panel/ui.tsx';
import type { Client } from '../../view/model.ts';
import { inAppBrowser } from './in-app.ts';

const dismissed = new WeakSet<Client>();

/** In an app's own browser, once something was said: a quiet line that leads out of it. */
export const Outside = ({ ui }: UiProps) => {
  const { client, say, pages } = ui;
  const [, draw] = useState<object>();
  const app = inAppBrowser(navigator.userAgent);
  if (!app || dismissed.has(client)) return null;
  const dismiss = () => {
    dismissed.add(client);
    draw({});
  };
  return (
    <div class="status">
      <p>{say('browserWhy', { app })}</p>
      <button type="button" class="small" onClick={() => pages.open('otherBrowser')}>
        {say('otherBrowser')}
      </button>
      <button type="button" class="small" onClick={dismiss}>
        {say('browserNo')}
      </button>
    </div>
  );
};
