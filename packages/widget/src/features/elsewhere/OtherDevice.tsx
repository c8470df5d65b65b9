import { useEffect } from 'preact/hooks';
import type { UiProps } from '../../panel/ui.tsx';
import { Address } from './Address.tsx';
import { Code } from './Code.tsx';
import { EndThere } from './EndThere.tsx';
import css from './elsewhere.css';
import { useLink } from './use-link.ts';

/** Carrying on on another device: a code to scan, or its link. On a touch screen, which cannot scan itself, the link comes first. */
const OtherDevice = ({ ui }: UiProps) => {
  const { i18n, say, announcer } = ui;
  const { link, minutes, isUsed, problem, renew } = useLink(ui, 'device');
  useEffect(() => {
    if (isUsed) announcer.say(i18n.text('deviceUsed'));
  }, [isUsed, announcer, i18n]);
  if (link && isUsed) {
    return (
      <div class="form">
        <p class="greeting">{say('deviceUsed')}</p>
        <EndThere ui={ui} handoffId={link.handoffId} />
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
  const parts = [
    <Code key="code" text={link.url} label={i18n.text('deviceCode')} />,
    <Address key="address" ui={ui} url={link.url} />,
  ];
  return (
    <div class="form">
      <p>{say('deviceWhy')}</p>
      <p class="over">{say('deviceWarn')}</p>
      {matchMedia('(pointer: coarse)').matches ? parts.reverse() : parts}
      <p class="soft">{say('deviceLasts', { n: minutes })}</p>
    </div>
  );
};

export { css };
export default OtherDevice;
