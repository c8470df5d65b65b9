import { useStore } from '@nanostores/preact';
import type { Desk } from '../state/desk.ts';
import { useText } from './context.ts';
import { Icon } from './Icon.tsx';

/** Tells when what is shown may be old. */
export function Banner({ desk }: { desk: Desk }) {
  const connection = useStore(desk.$connection);
  const { t } = useText();
  return (
    <div role="status" class="banner-place">
      {connection === 'offline' && (
        <p class="banner">
          <Icon name="warning" />
          {t('connectionOffline')}
        </p>
      )}
      {connection === 'reconnecting' && (
        <p class="banner">
          <Icon name="warning" />
          {t('connectionLost')}
        </p>
      )}
      {connection === 'outdated' && (
        <p class="banner">
          <Icon name="warning" />
          {t('connectionOutdated')}
          <button type="button" class="button small" onClick={() => location.reload()}>
            {t('reload')}
          </button>
        </p>
      )}
    </div>
  );
}
