import type { TabChannel, Tabs } from '../environment/tabs.ts';
import type { LiveNews } from '../live/create-shared-live.ts';

/** What the tabs of one device tell each other about a conversation. */
export type TabNews =
  | LiveNews
  /** The queue of unsent messages has changed. `sending`: the one that this tab is sending. */
  | { type: 'outbox'; sending: string | null }
  | { type: 'draft'; path: string; text: string };

export interface NewsChannel extends TabChannel {
  post(news: TabNews): void;
}

/** Tabs speak this version; a page from another one is not understood and stands alone. */
const VERSION = 1;

const isNews = (value: unknown): value is TabNews =>
  typeof value === 'object' && !!value && 'v' in value && value.v === VERSION && 'type' in value;

/** Joins the other tabs that show the same. What another script posts under the name disturbs nobody. */
export const joinTabs = (
  tabs: Tabs | undefined,
  name: string,
  hear: (news: TabNews) => void,
): NewsChannel => {
  const channel = tabs?.join(`continuo/${name}`, (message) => {
    try {
      if (isNews(message)) hear(message);
    } catch (error) {
      console.error(error);
    }
  });
  return {
    post: (news) => channel?.post({ v: VERSION, ...news }),
    close: () => channel?.close(),
  };
};
