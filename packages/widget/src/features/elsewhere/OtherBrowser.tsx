import type { UiProps } from '../../panel/ui.tsx';
import { Address } from './Address.tsx';
import css from './elsewhere.css';
import { inAppBrowser } from './in-app.ts';
import { useLink } from './use-link.ts';

/**
 * Out of an app's own browser, by copying. No `intent:` or `x-safari-` link: whether the app passes a fragment on is its own
 * affair, and the token must not stand in any other place of an address.
 */
const OtherBrowser = ({ ui }: UiProps) => {
  const { say } = ui;
  const { link, minutes, problem, renew } = useLink(ui, 'device');
  const isLive = link && minutes > 0;
  return (
    <div class="form">
      <p>{say('browserWhy', { app: inAppBrowser(navigator.userAgent) ?? '' })}</p>
      {isLive ? (
        <>
          <Address ui={ui} url={link.url} />
          <p class="soft">{say('deviceLasts', { n: minutes })}</p>
        </>
      ) : (
        <p role="status">{problem ? say(problem) : link ? say('expired') : say('loadingMore')}</p>
      )}
      {!isLive && (problem || link) && (
        <button type="button" class="big" onClick={renew}>
          {say('retry')}
        </button>
      )}
    </div>
  );
};

export { css };
export default OtherBrowser;
