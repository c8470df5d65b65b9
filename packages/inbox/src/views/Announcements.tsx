import { plainText } from '@continuo/core/conversation';
import { useStore } from '@nanostores/preact';
import type { Announcer } from '../state/announcer.ts';
import { useText } from './context.ts';

/** Speaks to screen readers. Two places take turns, so that the same words are said again; both are there from the start. */
export function Announcements({ announcer }: { announcer: Announcer }) {
  const announcement = useStore(announcer.$announcement);
  const { t } = useText();
  const text = () => {
    if (!announcement) return '';
    const { said } = announcement;
    if (said.kind === 'many') return t('announceMany', { count: said.count });
    return t('announceMessage', {
      name: said.name ?? t('unnamedCustomer'),
      text: plainText(said.text) || t('attachmentOnly'),
    });
  };
  const turn = (announcement?.id ?? 0) % 2;
  return (
    <div class="hidden">
      <div role="status" aria-live="polite" aria-atomic="true">
        {turn === 1 && text()}
      </div>
      <div role="status" aria-live="polite" aria-atomic="true">
        {turn === 0 && text()}
      </div>
    </div>
  );
}
