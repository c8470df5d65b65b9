import type { UiProps } from '../../panel/ui.tsx';

/** A link as text, to be copied or handed to another app. */
export const Address = ({ ui, url }: UiProps & { url: string }) => {
  const { announcer, i18n, say } = ui;
  const copy = () =>
    navigator.clipboard.writeText(url).then(
      () => announcer.say(i18n.text('copied')),
      () => announcer.say(i18n.text('broken'), 'urgent'),
    );
  // Dismissing the sheet rejects, and is no failure.
  const share = () => void navigator.share({ url }).catch(() => {});
  return (
    <>
      <p class="address" dir="ltr">
        {url}
      </p>
      <div class="presses">
        {'clipboard' in navigator && (
          <button type="button" class="big" onClick={copy}>
            {say('copyText')}
          </button>
        )}
        {'share' in navigator && (
          <button type="button" class="big" onClick={share}>
            {say('deviceShare')}
          </button>
        )}
      </div>
    </>
  );
};
