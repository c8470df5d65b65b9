import type { Browser } from 'playwright-core';
import { openTab, traceTasks } from '../browser/tab.ts';
import { median } from '../statistics.ts';
import { LONG_MS } from './long-conversation.ts';

/** What a visitor's phone has to do for a page that nobody touches. Times in milliseconds, the middle of the samples. */
export interface HostPage {
  page: string;
  samples: number;
  /** Largest contentful paint. */
  lcp: number;
  /** Cumulative layout shift, without a unit. */
  cls: number;
  /** Total blocking time: of each task what is over 50 ms. */
  tbt: number;
  longestTask: number;
  task: number;
  bytes: number;
  requests: number;
}

type Sample = Omit<HostPage, 'page' | 'samples'>;

/** Largest paint and shifts of the layout so far. */
const readVitals = async (): Promise<{ lcp: number; cls: number }> => {
  const entries = (type: string) =>
    new Promise<PerformanceEntry[]>((resolve) => {
      const observer = new PerformanceObserver((list) => resolve(list.getEntries()));
      observer.observe({ type, buffered: true });
      setTimeout(resolve, 300, []);
    });
  const paints = await entries('largest-contentful-paint');
  const shifts = await entries('layout-shift');
  return {
    lcp: paints.at(-1)?.startTime ?? Number.NaN,
    cls: shifts.reduce((sum, shift) => sum + Number(Reflect.get(shift, 'value')), 0),
  };
};

/** Lighthouse's phone. */
const PHONE = {
  viewport: { width: 412, height: 823 },
  deviceScaleFactor: 1.75,
  isMobile: true,
  hasTouch: true,
};

const load = async (browser: Browser, url: string, slowdown: number): Promise<Sample> => {
  const context = await browser.newContext(PHONE);
  const tab = await openTab(context, { slowdown, isSlow4g: true });
  const tasks = await traceTasks(browser, tab.page, async () => {
    await tab.page.goto(url);
    await tab.quiet();
  });
  const vitals = await tab.page.evaluate(readVitals);
  const { bytes, requests } = tab.traffic();
  await context.close();
  const each = tasks.map(({ ms }) => ms);
  return {
    ...vitals,
    tbt: each.reduce((sum, ms) => sum + Math.max(0, ms - LONG_MS), 0),
    longestTask: Math.max(...each),
    task: each.reduce((sum, ms) => sum + ms, 0),
    bytes,
    requests: requests.length,
  };
};

/** Loads the pages by turns, on a slow phone with a slow network, each time as on a first visit. */
export const measureHostPage = async (
  browser: Browser,
  pages: readonly { name: string; url: string }[],
  { samples, slowdown }: { samples: number; slowdown: number },
): Promise<HostPage[]> => {
  const taken = pages.map((): Sample[] => []);
  for (let turn = 0; turn < samples; turn++) {
    for (const [index, { url }] of pages.entries()) taken[index]?.push(await load(browser, url, slowdown));
  }
  return pages.map(({ name }, index) => {
    const own = taken[index] ?? [];
    const middle = (of: keyof Sample) => median(own.map((sample) => sample[of]));
    return {
      page: name,
      samples: own.length,
      lcp: middle('lcp'),
      cls: middle('cls'),
      tbt: middle('tbt'),
      longestTask: middle('longestTask'),
      task: middle('task'),
      bytes: middle('bytes'),
      requests: middle('requests'),
    };
  });
};
