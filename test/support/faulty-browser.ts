import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BrowserContext, Page, Route } from 'playwright-core';
import type { WidgetPage } from './pages/widget-page.ts';
import type { World } from './world.ts';

const isMessage = (url: URL) => url.pathname.endsWith('/messages');

/**
 * What becomes of a page's messages on their way. `hold`: they never leave. `lose_answer`: the server has them, and the
 * page never hears of it.
 */
export type MessageFault = 'hold' | 'lose_answer';

/** Until it is mended, this page's (or every page's) messages go wrong. @returns how many did, and how to mend it */
export const breakMessages = async (where: BrowserContext | Page, fault: MessageFault) => {
  let count = 0;
  const handle = async (route: Route) => {
    if (route.request().method() !== 'POST') return route.continue();
    if (fault === 'lose_answer') await route.fetch();
    count += 1;
  };
  await where.route(isMessage, handle);
  return {
    count: () => count,
    mend: () => where.unroute(isMessage, handle),
  };
};

/** The renderer dies, as when the system takes an in-app browser's memory away: no event, no last word. */
export const crash = async (page: Page): Promise<void> => {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  // Nobody is left to answer.
  session.send('Page.crash').catch(() => {});
  await crashed;
};

/**
 * As the browser does with a page in the background: none of its code runs, its connections and locks stay. By the
 * debugger, because a headless Chromium freezes no page. @returns how to let it run again
 */
export const freeze = async (page: Page): Promise<() => Promise<void>> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Debugger.enable');
  const paused = new Promise((resolve) => session.once('Debugger.paused', resolve));
  await session.send('Debugger.pause');
  // The next statement is where it stops.
  session.send('Runtime.evaluate', { expression: 'void 0' }).catch(() => {});
  await paused;
  return async () => {
    await session.send('Debugger.resume');
    await session.send('Debugger.disable');
    await session.detach();
  };
};

/**
 * What the back-forward cache does to a page, as far as the page can tell: it is told to leave, stands still, and is told
 * that it is back. A headless Chromium has no such cache. @returns how to come back
 */
export const putAway = async (page: Page): Promise<() => Promise<void>> => {
  const tell = (type: string) =>
    page.evaluate((name) => {
      dispatchEvent(new PageTransitionEvent(name, { persisted: true }));
    }, type);
  await tell('pagehide');
  const thaw = await freeze(page);
  return async () => {
    await thaw();
    await tell('pageshow');
  };
};

/** Whether a person sees the page: another tab is in front, or not. Playwright keeps every page visible. */
export const setHidden = (page: Page, isHidden: boolean): Promise<void> =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    const state = hidden ? 'hidden' : 'visible';
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, isHidden);

/** What the server's log holds of the conversation in which `text` was said: every message's text, in order. */
export const loggedTexts = ({ server }: World, text: string): string[] => {
  const database = new DatabaseSync(join(server.dataDir, 'continuo.db'), { readOnly: true, timeout: 5000 });
  const said = database
    .prepare(
      `SELECT body ->> 'text' AS text FROM events WHERE type = 'message' AND conversation_id IN
         (SELECT conversation_id FROM events WHERE type = 'message' AND body ->> 'text' = ?) ORDER BY seq`,
    )
    .all(text);
  database.close();
  return said.map((row) => String(row.text));
};

/** The texts that a page shows as sent, and those that it does not, oldest first. */
export const shownTexts = async ({ dialog }: WidgetPage) => {
  const messages = await dialog.getByRole('article').evaluateAll((articles) =>
    articles.map((article) => ({
      text: article.querySelector('[part=bubble]')?.textContent ?? '',
      isWaiting: /waiting|sending|failed/.test(article.getAttribute('data-status') ?? ''),
    })),
  );
  const textsOf = (waiting: boolean) =>
    messages.filter(({ isWaiting }) => isWaiting === waiting).map(({ text }) => text);
  return { sent: textsOf(false), waiting: textsOf(true) };
};

/** The texts that the device's outbox holds. */
export const queuedTexts = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('continuo'));
    const store = database.transaction('values').objectStore('values');
    const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    database.close();
    return values.flatMap((value, index) =>
      String(keys[index]).includes('/outbox/') ? [String(Object(value).text)] : [],
    );
  });
