import type { UiProps } from '../../panel/ui.tsx';
import { Code } from './Code.tsx';
import css from './elsewhere.css';
import { useLink } from './use-link.ts';

/** Carrying on in Messenger: its link to press, and as a code for the phone where Messenger is. */
const ToMessenger = ({ ui }: UiProps) => {
  const { i18n, say } = ui;
  const { link, minutes, isUsed, problem, renew } = useLink(ui, 'messenger');
  const channel = i18n.network('messenger');
  if (isUsed) {
    return (
      <div class="form">
        <p class="greeting" role="status">
          {say('continuedOn', { channel })}
        </p>
      </div>
    );
  }
  if (!link || minutes === 0) {
    return (
      <div class="form">
        <p role="status">{problem ? say(problem) : link ? say('expired') : say('loadingMore')}</p>
        {(problem || link) && (
          <button type="button" class="big" onClick={renew}>
            {say('retry')}
          </button>
        )}
      </div>
    );
  }
  return (
    <div class="form">
      <p>{say('messengerWhy')}</p>
      <a class="big" href={link.url} target="_blank" rel="noopener noreferrer">
        {say('openIn', { channel })}
      </a>
      <Code text={link.url} label={i18n.text('deviceCode')} />
      <p class="soft">{say('deviceLasts', { n: minutes })}</p>
    </div>
  );
};

export { css };
export default ToMessenger;
