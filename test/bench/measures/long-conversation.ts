import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext } from 'playwright-core';
import { openTab, type Tab, traceTasks } from '../browser/tab.ts';
import { type Spread, spread } from '../statistics.ts';
import type { Continuo } from '../systems/continuo.ts';
import { type BenchAgent, signIn } from '../wire/agent.ts';
import { expectStatus, openHttp } from '../wire/http.ts';

/** What the page waits for when a conversation of this length is opened. Times in milliseconds. */
export interface LongOpening {
  messages: number;
  samples: number;
  /** From the press until the newest messages are drawn. */
  open: Spread;
  /** Work of the main thread from the press until all is quiet. */
  task: Spread;
}

/** What arriving messages cost the page, the chat being open at the newest one. Times in milliseconds. */
export interface Arrivals {
  slowdown: number;
  messages: number;
  seconds: number;
  /** Work of the main thread for each. */
  taskEach: number;
  longestTask: number;
  /** Of more than 50 ms (https://w3c.github.io/longtasks). */
  longTasks: number;
  /** The longest time between two frames. */
  longestFrame: number;
  /** Frames that came more than 50 ms after the one before. */
  lateFrames: number;
}

export const LONG_MS = 50;
const WRITERS = 16;

/** A visitor's browser with a conversation in it, and the agent on the other side. */
interface Talk {
  context: BrowserContext;
  url: string;
  conversation: string;
  /** Writes so many messages as the agent, as fast as they are taken. */
  fill(count: number): Promise<void>;
}

const writeAll = async (
  port: number,
  agent: BenchAgent,
  { path, count }: { path: string; count: number },
) => {
  const connections = await Promise.all(Array.from({ length: WRITERS }, () => openHttp(port)));
  let left = count;
  await Promise.all(
    connections.map(async (connection) => {
      while (left-- > 0) {
        const body = JSON.stringify({
          clientId: randomUUID(),
          text: `Message ${left} of ${count}, as people write.`,
        });
        expectStatus(await connection.ask(agent.request(`POST ${path}`, body)), 201);
      }
    }),
  );
  for (const connection of connections) connection.close();
};

const newestConversation = async (port: number, agent: BenchAgent): Promise<string> => {
  const connection = await openHttp(port);
  const { body } = expectStatus(await connection.ask(agent.request('GET /v1/inbox/conversations')), 200);
  connection.close();
  return JSON.parse(String(body)).conversations[0].id;
};

/** Waits until the newest messages are in the page, and painted. */
const untilDrawn = ({ page }: Tab): Promise<void> =>
  page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    while (!document.querySelector('continuo-chat')?.shadowRoot?.querySelector('article')) await frame();
    await frame();
  });

const openTalk = async (
  browser: Browser,
  { nodes: [{ port }], brand }: Continuo,
  url: string,
): Promise<Talk> => {
  const agent = await signIn(port, brand);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const tab = await openTab(context, { slowdown: 1 });
  await tab.page.goto(url);
  await tab.press();
  await tab.page.keyboard.type('Hello');
  await tab.page.keyboard.press('Enter');
  await tab.page.locator('article[data-status=sent]').waitFor();
  await tab.close();
  const conversation = await newestConversation(port, agent);
  const path = `/v1/inbox/conversations/${conversation}/messages`;
  return { context, url, conversation, fill: (count) => writeAll(port, agent, { path, count }) };
};

const openOnce = async (
  { context, url }: Talk,
  slowdown: number,
): Promise<{ open: number; task: number }> => {
  const tab = await openTab(context, { slowdown });
  await tab.page.goto(url);
  const before = await tab.taskMs();
  const start = performance.now();
  const drawn = untilDrawn(tab).then(() => performance.now() - start);
  await tab.press();
  const open = await drawn;
  await tab.quiet();
  const task = (await tab.taskMs()) - before;
  await tab.close();
  return { open, task };
};

/** Counts what the widget tells of, and the time between frames, in the page. */
const watchArrivals = (): void => {
  const told = { messages: 0, gaps: [] as number[] };
  Reflect.set(window, 'told', told);
  window.Continuo?.('on', 'message', () => told.messages++);
  let last = performance.now();
  const frame = (now: number) => {
    told.gaps.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
};

interface Told {
  messages: number;
  gaps: number[];
}

const measureArrivals = async (
  browser: Browser,
  talk: Talk,
  { messages, slowdown }: { messages: number; slowdown: number },
): Promise<Arrivals> => {
  const tab = await openTab(talk.context, { slowdown });
  await tab.page.goto(talk.url);
  await tab.press();
  await untilDrawn(tab);
  await tab.quiet();
  const told = () => tab.page.evaluate<Told>(() => Reflect.get(window, 'told'));
  let seconds = 0;
  const tasks = await traceTasks(browser, tab.page, async () => {
    await tab.page.evaluate(watchArrivals);
    const start = performance.now();
    await talk.fill(messages);
    while ((await told()).messages < messages) await new Promise((resolve) => setTimeout(resolve, 100));
    seconds = (performance.now() - start) / 1000;
  });
  const { gaps } = await told();
  await tab.close();
  const each = tasks.map(({ ms }) => ms);
  return {
    slowdown,
    messages,
    seconds,
    taskEach: each.reduce((sum, ms) => sum + ms, 0) / messages,
    longestTask: Math.max(...each),
    longTasks: each.filter((ms) => ms > LONG_MS).length,
    longestFrame: Math.max(...gaps),
    lateFrames: gaps.filter((gap) => gap > LONG_MS).length,
  };
};

export interface LongConversationOptions {
  /** A page with the widget and nothing else. */
  url: string;
  /** How many messages the conversations have. */
  lengths: readonly number[];
  /** How many arrive. */
  arriving: number;
  samples: number;
  slowdown: number;
}

/** Opens short and long conversations by turns, then has messages arrive in the longest. */
export const measureLongConversations = async (
  browser: Browser,
  continuo: Continuo,
  { url, lengths, arriving, samples, slowdown }: LongConversationOptions,
): Promise<{ openings: LongOpening[]; arrivals: Arrivals[] }> => {
  const talks: Talk[] = [];
  for (const length of lengths) {
    const talk = await openTalk(browser, continuo, url);
    await talk.fill(length - 1);
    talks.push(talk);
  }
  const taken = talks.map((): { open: number; task: number }[] => []);
  for (let turn = 0; turn < samples; turn++) {
    for (const [index, talk] of talks.entries()) taken[index]?.push(await openOnce(talk, slowdown));
  }
  const openings = lengths.map((messages, index) => {
    const own = taken[index] ?? [];
    return {
      messages,
      samples: own.length,
      open: spread(own.map(({ open }) => open)),
      task: spread(own.map(({ task }) => task)),
    };
  });
  const longest = talks.at(-1);
  const arrivals: Arrivals[] = [];
  if (longest)
    for (const rate of [1, slowdown])
      arrivals.push(await measureArrivals(browser, longest, { messages: arriving, slowdown: rate }));
  for (const { context } of talks) await context.close();
  return { openings, arrivals };
};
