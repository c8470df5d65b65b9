import { isLoopback } from './send-rules.ts';
import type { ThreadMessage } from './types.ts';

/** A page that the link previewer fetched. */
export interface Preview {
  url: string;
  /** Null: no answer. */
  status: number | null;
  at: number;
}

const USER_AGENT = 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)';
const TIMEOUT_MS = 10_000;
const KEPT = 200;

/** The addresses in a message, in its text and on its buttons. */
export const linksOf = ({ text, buttons }: Pick<ThreadMessage, 'text' | 'buttons'>): string[] => [
  ...(text.match(/https?:\/\/[^\s<>"]+/g) ?? []),
  ...buttons.flatMap((button) => (button.type === 'web_url' ? [button.url] : [])),
];

/** Fetches links as Messenger's previewer does, before any person sees them. Only loopback addresses: a demo does not call the world. */
export const createCrawler = ({ fetch, now }: { fetch: typeof globalThis.fetch; now: () => number }) => {
  const previews: Preview[] = [];
  const stop = new AbortController();

  const visit = async (url: string): Promise<void> => {
    const preview: Preview = { url, status: null, at: now() };
    try {
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const response = await fetch(url, {
        headers: { 'user-agent': USER_AGENT },
        redirect: 'manual',
        signal,
      });
      preview.status = response.status;
      await response.body?.cancel();
    } catch {
      preview.status = null;
    }
    previews.push(preview);
    if (previews.length > KEPT) previews.shift();
  };

  return {
    /** Fetches all links of a message; resolves when done, never throws. */
    async crawl(message: Pick<ThreadMessage, 'text' | 'buttons'>): Promise<void> {
      const urls = linksOf(message).filter((url) => URL.canParse(url) && isLoopback(new URL(url)));
      await Promise.all(urls.map(visit));
    },
    previews: (): readonly Preview[] => previews,
    close: (): void => stop.abort(),
  };
};
