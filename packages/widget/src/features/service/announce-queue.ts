import type { Ui } from '../../panel/ui.tsx';

/** Places in the queue are told at most this often (ms). */
const PAUSE = 5000;

/** Tells screen readers of the place in the queue: of several that pass, the latest. Returns how to stop. */
export const announceQueue = ({
  client,
  announcer,
  i18n,
}: Pick<Ui, 'client' | 'announcer' | 'i18n'>): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let place = client.$conversation.get()?.queuePosition;
  const tell = () => {
    timer = undefined;
    const n = client.$conversation.get()?.queuePosition;
    if (n && n !== place) announcer.say(n === 1 ? i18n.text('queuedNext') : i18n.text('queued', { n }));
    place = n;
  };
  const stop = client.$conversation.listen(() => {
    timer ??= setTimeout(tell, PAUSE);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
};
