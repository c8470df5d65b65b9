import type { State } from './create-state.ts';

/** Writes what the launcher does and how much waits unread. */
export const labelLauncher = ({ shell: { host, button }, client, $open, $i18n }: State): void => {
  const i18n = $i18n.get();
  if (!i18n) return;
  const isOpen = $open.get() !== 'closed';
  const unread = isOpen ? 0 : client.$unread.get();
  const name = unread ? i18n.text('openUnread', { n: unread }) : i18n.text(isOpen ? 'close' : 'open');
  button.ariaLabel = name;
  button.setAttribute('aria-expanded', String(isOpen));
  button.dataset.mark = isOpen ? '✕' : '···';
  if (unread) button.dataset.unread = i18n.number(unread);
  else delete button.dataset.unread;
  host.role = 'region';
  host.ariaLabel = i18n.text('region');
};
