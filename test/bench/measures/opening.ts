import type { Browser } from 'playwright-core';
import { openTab } from '../browser/tab.ts';
import { median, type Spread, spread } from '../statistics.ts';

/** What opening a chat costs a page that has nothing else to do. Times in milliseconds. */
export interface Opening {
  system: string;
  samples: number;
  /** Work of the main thread from the press until all is quiet, on a first visit: download, compile, draw. */
  task: Spread;
  /** What was fetched for it. */
  bytes: number;
  requests: number;
  /** From the press until one can write, on a later page: everything is in the browser's cache. */
  press: Spread;
}

export interface Candidate {
  name: string;
  /** A page with a launcher, at rest. */
  url: string;
}

interface Sample {
  task: number;
  bytes: number;
  requests: number;
  press: number;
}

/** A first visit with a profile of its own, then a second page of the same visitor. */
const visit = async (browser: Browser, url: string, slowdown: number): Promise<Sample> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const first = await openTab(context, { slowdown });
  await first.page.goto(url);
  await first.quiet();
  const [before, had] = [await first.taskMs(), first.traffic()];
  await first.press();
  await first.quiet();
  const [task, has] = [(await first.taskMs()) - before, first.traffic()];
  await first.close();
  const later = await openTab(context, { slowdown });
  await later.page.goto(url);
  await later.quiet();
  const press = await later.press();
  await context.close();
  return { task, press, bytes: has.bytes - had.bytes, requests: has.requests.length - had.requests.length };
};

/** Visits to all by turns, so that what else the machine does hits all alike. */
export const measureOpening = async (
  browser: Browser,
  candidates: readonly Candidate[],
  { samples, slowdown }: { samples: number; slowdown: number },
): Promise<Opening[]> => {
  const taken = candidates.map((): Sample[] => []);
  for (let turn = 0; turn < samples; turn++) {
    for (const [index, { url }] of candidates.entries())
      taken[index]?.push(await visit(browser, url, slowdown));
  }
  return candidates.map(({ name }, index) => {
    const own = taken[index] ?? [];
    return {
      system: name,
      samples: own.length,
      task: spread(own.map(({ task }) => task)),
      press: spread(own.map(({ press }) => press)),
      bytes: median(own.map(({ bytes }) => bytes)),
      requests: median(own.map(({ requests }) => requests)),
    };
  });
};
