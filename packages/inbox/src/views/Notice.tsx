import { useStore } from '@nanostores/preact';
import { useInbox, useText } from './context.ts';
import { Icon } from './Icon.tsx';

/** What went wrong with the agent's last act, until it is dismissed or the next one comes. */
export function Notice() {
  const { notices } = useInbox();
  const notice = useStore(notices.$notice);
  const { t } = useText();
  return (
    <div class="notice-place" role="alert">
      {notice && (
        <div class="notice" key={notice.id}>
          <Icon name="warning" />
          <span>{t(notice.text)}</span>
          <button type="button" class="icon-button" aria-label={t('close')} onClick={notices.dismiss}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
