import type { State } from '../../panel/create-state.ts';
import type { ConversationEvent, MessageEvent } from '../../view/model.ts';
import { newsOf } from './news-of.ts';
import { isMuted, ring, takeTurn } from './sound.ts';
import { createTitle } from './title.ts';

/** Calls people who look elsewhere, by the page's title and by a sound in one tab, and tells the page what happens. */
export interface Notice {
  /** The number of unread messages changed. */
  count(): void;
  /** Someone of the other side wrote. */
  heard(message: MessageEvent): Promise<void>;
  /** Something new is in the log. */
  tell(event: ConversationEvent): Promise<void>;
  stop(): void;
}

/** One sound is enough for what comes within this time. */
const QUIET_MS = 1000;

export const createNotice = ({ shell, client, $open, $i18n }: State): Notice => {
  const { channel } = shell.options;
  let heardAt = 0;
  const title = createTitle({
    page: document,
    waiting: () => {
      const unread = client.$unread.get();
      return unread ? ($i18n.get()?.number(unread) ?? `${unread}`) : '';
    },
  });
  return {
    count: title.draw,
    async heard({ seq }) {
      if (Date.now() - heardAt < QUIET_MS) return;
      heardAt = Date.now();
      const isSeen = $open.get() !== 'closed' && document.hasFocus();
      const name = `continuo/${channel}/ring/${seq}`;
      if ((await takeTurn({ name, isSeen, locks: navigator.locks })) && !isMuted(shell.options)) ring();
    },
    async tell(event) {
      const news = newsOf(event);
      const name = `continuo/${channel}/tell/${event.seq}`;
      if (news && (await takeTurn({ name, isSeen: false, locks: navigator.locks }))) news(shell.emit);
    },
    stop: title.stop,
  };
};
