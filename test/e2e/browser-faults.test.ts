/**
 * A customer's browser on bad days, for real: no network, a tab that dies, a clock that is a day off, storage that is
 * refused. After each, what the page shows is what the server's log holds: nothing lost, nothing doubled, in order.
 */
import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { type AgentClient, signInAgent } from '../support/agent-client.ts';
import { createDice } from '../support/dice.ts';
import {
  breakMessages,
  crash,
  loggedTexts,
  type MessageFault,
  queuedTexts,
  shownTexts,
} from '../support/faulty-browser.ts';
import type { WidgetPage } from '../support/pages/widget-page.ts';
import { startWorld, type World } from '../support/world.ts';

const SOON = { timeout: 20_000 };
/** A client that failed a few times waits up to half a minute. */
const HEALED = { timeout: 45_000 };

let world: World;
let sara: AgentClient;
let visitor: BrowserContext;
let widget: WidgetPage;
let count = 0;
/** The first words of this test's conversation. */
let hello: string;

beforeAll(async () => {
  world = await startWorld();
  sara = await signInAgent(world.server.url, await world.addAgent('Sara'));
});
afterAll(() => world?.close());

beforeEach(async () => {
  onTestFailed(() => world.takePictures('browser-faults'));
  visitor = await world.device();
  count += 1;
  hello = `Hello for the ${count}. time`;
});
afterEach(async () => {
  await visitor.close();
  expect(world.pageErrors.splice(0)).toEqual([]);
});

const visit = async () => {
  widget = await world.visit(visitor);
  await widget.open();
  return widget;
};
const begin = async () => {
  await visit();
  await widget.send(hello);
  await expectSame(widget, [hello]);
};
const reopen = async () => {
  widget = await world.visit(visitor);
  await widget.reopen();
};

/** This page and the log say the same. */
const expectSame = async (page: WidgetPage, texts: readonly string[]) => {
  await expect.poll(() => shownTexts(page), HEALED).toEqual({ sent: texts, waiting: [] });
  expect(loggedTexts(world, hello)).toEqual(texts);
};
const waiting = (page: WidgetPage) => expect.poll(async () => (await shownTexts(page)).waiting, SOON);

const conversationId = async () => {
  const { body } = await sara.request('GET', '/v1/inbox/conversations');
  return body.conversations[0]?.id;
};
/** The agent answers in the newest conversation. */
const reply = async (text: string) => {
  expect((await sara.reply(await conversationId(), text)).status).toBe(201);
};

test('the network comes and goes while someone writes', async () => {
  await begin();
  const seed = Number(process.env.SEED ?? 11);
  const dice = createDice(seed);
  const texts = Array.from({ length: 24 }, (_, index) => `seed ${seed}, message ${index}`);
  for (const text of texts) {
    if (dice() < 0.5) await visitor.setOffline(dice() < 0.6);
    await widget.send(text);
  }
  await visitor.setOffline(false);
  await expectSame(widget, [hello, ...texts]);
});

test('offline, what waits is counted for the customer; online, it goes', async () => {
  await begin();
  await visitor.setOffline(true);
  for (const text of ['one', 'two']) await widget.send(text);
  await waiting(widget).toEqual(['one', 'two']);
  await widget.dialog.getByText(/offline.*2 messages/i).waitFor();
  await visitor.setOffline(false);
  await expectSame(widget, [hello, 'one', 'two']);
  await expect
    .poll(
      () =>
        widget.dialog
          .getByText(/offline/i)
          .filter({ visible: true })
          .count(),
      SOON,
    )
    .toBe(0);
});

/** Some of it is on its way, and the page has not heard that it arrived. What is stored it may soon learn from its stream. */
const sendInto = async (fault: MessageFault) => {
  const { count: broken, mend } = await breakMessages(widget.page, fault);
  for (const text of ['one', 'two', 'three']) await widget.send(text);
  if (fault === 'hold') await waiting(widget).toEqual(['one', 'two', 'three']);
  await expect.poll(broken, SOON).toBeGreaterThan(0);
  // A browser takes some milliseconds to store what was just written; a tab that dies before it has, dies with it.
  const isSafe = async () =>
    [...(await queuedTexts(widget.page)), ...loggedTexts(world, hello)].includes('three');
  await expect.poll(isSafe, SOON).toBe(true);
  return mend;
};
const FAULTS = ['hold', 'lose_answer'] as const;

test.each(FAULTS)(
  'a tab that dies while it sends (%s): the next one sends it once, in order',
  async (fault) => {
    await begin();
    await sendInto(fault);
    await crash(widget.page);
    await reopen();
    await expectSame(widget, [hello, 'one', 'two', 'three']);
  },
);

test('a tab that dies while it sends: another that is open sends it', async () => {
  await begin();
  const other = await world.visit(visitor);
  await other.reopen();
  await other.message(hello).waitFor();
  const { count: broken } = await breakMessages(widget.page, 'hold');
  await widget.send('Left behind');
  await expect.poll(broken, SOON).toBe(1);
  await crash(widget.page);
  await expectSame(other, [hello, 'Left behind']);
});

test.each(FAULTS)('a page that is reloaded while it sends (%s)', async (fault) => {
  await begin();
  const mend = await sendInto(fault);
  await mend();
  await widget.page.reload();
  await widget.reopen();
  await expectSame(widget, [hello, 'one', 'two', 'three']);
});

test('what was being written is there again after the tab died', async () => {
  await begin();
  await widget.composer.fill('Half a sentence, and then');
  // Written down a moment after the last key; another tab shows it when it was.
  const kept = async () => {
    const other = await world.visit(visitor);
    await other.reopen();
    const value = await other.composer.inputValue();
    await other.page.close();
    return value;
  };
  await expect.poll(kept, SOON).toBe('Half a sentence, and then');
  await crash(widget.page);
  await reopen();
  await expect.poll(() => widget.composer.inputValue(), SOON).toBe('Half a sentence, and then');
  expect(loggedTexts(world, hello)).toEqual([hello]);
});

const DAY = 86_400_000;

test.each([
  ['a day slow', -DAY],
  ['a day fast', DAY],
])('a clock that is %s', async (_, offset) => {
  await visitor.addInitScript((ms) => {
    const Real = Date;
    const now = () => Real.now() + ms;
    globalThis.Date = new Proxy(Real, {
      construct: (target, args: []) => (args.length > 0 ? new target(...args) : new target(now())),
      apply: () => new Real(now()).toString(),
      get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
    });
  }, offset);
  await begin();
  for (const text of ['one', 'two']) await widget.send(text);
  await expectSame(widget, [hello, 'one', 'two']);
  await reply('An answer');
  await widget.message('An answer').waitFor();
  await widget.page.reload();
  await widget.reopen();
  await widget.send('three');
  await expectSame(widget, [hello, 'one', 'two', 'An answer', 'three']);
});

/** Ways in which a browser refuses storage; each runs in the page. */
const DENIALS: Record<string, () => void> = {
  'IndexedDB throws': () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('denied', 'SecurityError');
    };
  },
  'IndexedDB never opens': () => {
    IDBFactory.prototype.open = () => Object.create(IDBOpenDBRequest.prototype);
  },
  'there is no IndexedDB': () => {
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
  },
  'asking for any storage throws': () => {
    for (const name of ['indexedDB', 'localStorage', 'sessionStorage', 'caches']) {
      Object.defineProperty(globalThis, name, {
        get: () => {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    }
  },
  'there are no locks and no channels': () => {
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
    Object.defineProperty(globalThis, 'BroadcastChannel', { value: undefined });
  },
  'locks and channels throw': () => {
    // An empty page, not being secure, has none.
    if (!('LockManager' in globalThis)) return;
    LockManager.prototype.request = () => Promise.reject(new DOMException('denied', 'SecurityError'));
    Object.defineProperty(globalThis, 'BroadcastChannel', {
      value: class {
        constructor() {
          throw new DOMException('denied', 'SecurityError');
        }
      },
    });
  },
};

test.each(Object.entries(DENIALS))('where %s, one can still talk', async (_, deny) => {
  await visitor.addInitScript(deny);
  await begin();
  await reply('An answer');
  await widget.message('An answer').waitFor();
  await visitor.setOffline(true);
  await widget.send('Written in a tunnel');
  await waiting(widget).toEqual(['Written in a tunnel']);
  await visitor.setOffline(false);
  await expectSame(widget, [hello, 'An answer', 'Written in a tunnel']);
});
