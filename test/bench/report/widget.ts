import { NAMES, type Results } from '../results.ts';
import { count, kB, ms, ratio, type Section, type Target, times } from './section.ts';

const OPEN_MS = 100;
const PRESS_MS = 100;
/** A conversation a hundred times as long may take so many times as long to open: what is left is chance. */
const LENGTH_FACTOR = 1.2;

const span = ({ least, most }: { least: number; most: number }): string =>
  `${least.toFixed(0)}–${most.toFixed(0)}`;

export const openingSection = ({ opening }: Results): Section => {
  const of = (system: string) => opening.find((one) => one.system === system);
  return {
    title: 'Opening the chat, on a slow phone’s processor',
    note: `Lower is better. Work of the main thread from the press until all is quiet, on a first visit, at 4 × slowdown; all by turns, ${opening[0]?.samples ?? 0} visits each. Then from the press until one can write, with everything in the browser’s cache.`,
    head: [
      `work over ${NAMES.preact}`,
      `over ${NAMES.deepChat}`,
      `press over ${NAMES.preact}`,
      'system',
      'work',
      'from–to, ms',
      'fetched',
      'requests',
      'press → writing',
      'from–to, ms',
    ],
    rows: opening.map(({ system, task, press, bytes, requests }) => [
      ratio(task.median, of(NAMES.preact)?.task.median),
      ratio(task.median, of(NAMES.deepChat)?.task.median),
      ratio(press.median, of(NAMES.preact)?.press.median),
      system,
      ms(task.median),
      span(task),
      kB(bytes),
      count(requests),
      ms(press.median),
      span(press),
    ]),
  };
};

export const longOpeningSection = ({ longOpenings }: Results): Section => ({
  title: 'Opening a long conversation',
  note: 'Lower is better. From the press until the newest messages are drawn, at 4 × slowdown, on a later page of the same visitor.',
  head: [
    'over the shortest',
    'work over the shortest',
    'messages',
    'press → drawn',
    'from–to, ms',
    'work',
    'from–to, ms',
  ],
  rows: longOpenings.map(({ messages, open, task }) => [
    ratio(open.median, longOpenings[0]?.open.median),
    ratio(task.median, longOpenings[0]?.task.median),
    count(messages),
    ms(open.median),
    span(open),
    ms(task.median),
    span(task),
  ]),
});

export const arrivalsSection = ({ arrivals }: Results): Section => ({
  title: `${count(arrivals[0]?.messages ?? 0)} messages arriving in an open chat`,
  note: 'Lower is better. Written as fast as the server takes them, into the longest conversation. Frames also wait for whatever else the machine does.',
  head: [
    'slowdown',
    'all within',
    'work, each',
    'longest task',
    'tasks over 50 ms',
    'longest frame',
    'frames over 50 ms',
  ],
  rows: arrivals.map(({ slowdown, seconds, taskEach, longestTask, longTasks, longestFrame, lateFrames }) => [
    slowdown === 1 ? 'none' : `${slowdown} ×`,
    `${seconds.toFixed(1)} s`,
    ms(taskEach),
    ms(longestTask),
    count(longTasks),
    ms(longestFrame),
    count(lateFrames),
  ]),
});

export const hostPageSection = ({ hostPages }: Results): Section => {
  const [plain] = hostPages;
  return {
    title: 'A brand’s page that nobody touches, with and without the script tag',
    note: `Lower is better. A phone of Lighthouse’s kind: 4 × slowdown, slow 4G; the middle of ${plain?.samples ?? 0} first visits.`,
    head: [
      'work over without',
      'page',
      'largest paint',
      'layout shift',
      'blocking time',
      'longest task',
      'work',
      'fetched',
      'requests',
    ],
    rows: hostPages.map(({ page, lcp, cls, tbt, longestTask, task, bytes, requests }) => [
      ratio(task, plain?.task),
      page,
      ms(lcp),
      cls.toFixed(3),
      ms(tbt),
      ms(longestTask),
      ms(task),
      kB(bytes),
      count(requests),
    ]),
  };
};

const openingTargets = ({ opening }: Results): Target[] => {
  const own = opening.find(({ system }) => system === NAMES.widget);
  const bare = opening.find(({ system }) => system === NAMES.preact);
  if (!own || !bare) return [];
  return [
    {
      promise: `opening the chat: at most ${OPEN_MS} ms of the main thread at 4 × slowdown, first visit`,
      met: own.task.median <= OPEN_MS,
      words: `${ms(own.task.median)}; ${NAMES.preact} takes ${ms(bare.task.median)}`,
    },
    {
      promise: `press → writing: at most ${PRESS_MS} ms at 4 × slowdown, from the cache`,
      met: own.press.median <= PRESS_MS,
      words: `${ms(own.press.median)}; ${NAMES.preact} takes ${ms(bare.press.median)}`,
    },
  ];
};

const lengthTargets = ({ longOpenings, arrivals }: Results): Target[] => {
  const [short, long] = [longOpenings[0], longOpenings.at(-1)];
  if (!short || !long) return [];
  const factor = long.open.median / short.open.median;
  return [
    {
      promise: `${count(long.messages)} messages open as fast as ${count(short.messages)}: at most ${LENGTH_FACTOR} ×`,
      met: factor <= LENGTH_FACTOR,
      words: `${times(factor)}: ${ms(long.open.median)} against ${ms(short.open.median)}`,
    },
    ...arrivals.map(({ slowdown, messages, longTasks, longestTask, lateFrames }) => ({
      promise: `${count(messages)} arriving messages: no task over 50 ms${slowdown === 1 ? '' : ` at ${slowdown} × slowdown`}`,
      met: longTasks === 0,
      words: `the longest ${ms(longestTask)}; frames over 50 ms: ${count(lateFrames)}`,
    })),
  ];
};

const hostPageTargets = ({ hostPages: [plain, ours] }: Results): Target[] => {
  if (!plain || !ours) return [];
  return [
    {
      promise: 'the script tag: no layout shift, no blocking time, nothing but the loader fetched',
      met: ours.cls <= plain.cls && ours.tbt <= plain.tbt + 1 && ours.requests === plain.requests + 1,
      words: `shift ${ours.cls.toFixed(3)}, blocking ${ms(ours.tbt)} against ${ms(plain.tbt)}, requests ${count(ours.requests - plain.requests)}, work ${ms(ours.task - plain.task)} more`,
    },
  ];
};

export const widgetTargets = (results: Results): Target[] => [
  ...openingTargets(results),
  ...lengthTargets(results),
  ...hostPageTargets(results),
];
