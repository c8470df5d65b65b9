import type { Ui } from '../../panel/ui.tsx';
import type { PageWindow } from '../../view/page-window.ts';

/** Lines drawn around what was asked for. */
const PAGE = 50;
/** Pages that are read at most on the way to an old message: 20,000 events. */
const MOST_PAGES = 400;
/** Frames that a message may take to be drawn. */
const MOST_FRAMES = 120;
const FLASH_MS = 2000;

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** The key of the first message at this seq or after it, once the log is known back to there; null where there is none. */
const reach = async ({ client }: Pick<Ui, 'client'>, seq: number): Promise<string | null> => {
  const isKnown = () => (client.$messages.get().find((item) => item.seq !== null)?.seq ?? seq) <= seq;
  for (let pages = 0; !isKnown() && pages < MOST_PAGES; pages += 1) {
    if (!(await client.loadEarlier())) break;
  }
  const found = client.$messages
    .get()
    .find((item) => item.seq !== null && item.seq >= seq && item.event.type === 'message');
  return found?.key ?? null;
};

/** A page with this item in the middle. */
const around = (key: string, items: readonly { key: string }[]): PageWindow => ({
  end: items[items.findIndex((item) => item.key === key) + PAGE / 2]?.key ?? null,
  size: PAGE,
});

const drawn = async (root: ParentNode, key: string): Promise<HTMLElement | null> => {
  for (let frames = 0; frames < MOST_FRAMES; frames += 1) {
    const line = root.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    if (line) return line;
    await frame();
  }
  return null;
};

/**
 * Leads from a page to a message in the conversation: reads the log back to it, brings it into view, and gives it the focus.
 *
 * @returns whether it was found; rejects with a ContinuoError where the log could not be read
 */
export const goTo = async (ui: Ui, seq: number): Promise<boolean> => {
  const { client, shell, pages, $jump } = ui;
  const key = await reach(ui, seq);
  if (key === null) return false;
  $jump.set(around(key, client.$messages.get()));
  const line = await drawn(shell.root, key);
  line?.scrollIntoView({ block: 'center' });
  pages.close();
  // By then what opened the first page has its focus back, and would keep it.
  await frame();
  await frame();
  if (!line) return false;
  line.scrollIntoView({ block: 'center' });
  line.tabIndex = -1;
  line.focus({ preventScroll: true });
  line.dataset.found = '';
  setTimeout(() => delete line.dataset.found, FLASH_MS);
  return true;
};
