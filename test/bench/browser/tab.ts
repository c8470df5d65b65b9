import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';

/** A page whose main thread is watched. */
export interface Tab {
  page: Page;
  /** What the main thread has worked since the page began, milliseconds. */
  taskMs(): Promise<number>;
  /** Waits until the main thread has next to nothing to do. */
  quiet(): Promise<void>;
  /** Presses the launcher, as a pointer does. @returns milliseconds until one can write and sees it, painted */
  press(): Promise<number>;
  /** What came over the network since the page began. */
  traffic(): { requests: string[]; bytes: number };
  close(): Promise<void>;
}

export interface TabOptions {
  /** How many times slower than this machine's its processor is. */
  slowdown: number;
  /** Lighthouse's slow 4G, as far as the browser can imitate it. @default the loopback as it is */
  isSlow4g?: boolean;
}

/** Milliseconds between two looks, and of work between them that count as nothing: the looks cost some themselves. */
const LOOK_MS = 150;
const NOTHING_MS = 2;
/** Milliseconds after which a page that never rests is taken as it is. */
const PATIENCE_MS = 8000;

/** Notes when the launcher is pressed, and when the field has the focus and the next frame was painted. */
const watchPress = (): void => {
  const painted = () =>
    new Promise<number>((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
      });
    });
  const { promise: pressed, resolve: press } = Promise.withResolvers<number>();
  const { promise: usable, resolve: use } = Promise.withResolvers<Promise<number>>();
  const focus = (event: Event) => {
    const [field] = event.composedPath();
    if (field instanceof HTMLElement && field.matches('textarea, input, [contenteditable]')) use(painted());
  };
  addEventListener('focusin', focus);
  addEventListener(
    'pointerdown',
    (event) => {
      press(event.timeStamp);
      // The focus that goes from a launcher to a field in the same shadow tree is not told outside of it.
      for (const place of event.composedPath())
        if (place instanceof ShadowRoot) place.addEventListener('focusin', focus);
    },
    { capture: true, once: true },
  );
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('nobody can write yet, 20 seconds after the page began')), 20_000);
  });
  Reflect.set(window, 'untilUsable', async () => (await Promise.race([usable, late])) - (await pressed));
};

const watchTraffic = (cdp: CDPSession) => {
  const requests: string[] = [];
  let bytes = 0;
  cdp.on('Network.requestWillBeSent', ({ request }) => {
    if (request.url.startsWith('http')) requests.push(request.url);
  });
  cdp.on('Network.dataReceived', ({ encodedDataLength }) => (bytes += encodedDataLength));
  return () => ({ requests: [...requests], bytes });
};

/** Latency and bandwidth of Lighthouse's "slow 4G" where the browser throttles requests (its `DEVTOOLS` factors). */
const SLOW_4G = {
  offline: false,
  latency: 150 * 3.75,
  downloadThroughput: ((1.6 * 1024 * 1024) / 8) * 0.9,
  uploadThroughput: ((750 * 1024) / 8) * 0.9,
};

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const openTab = async (
  context: BrowserContext,
  { slowdown, isSlow4g = false }: TabOptions,
): Promise<Tab> => {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  // Processor time, so that another program's turn is not counted; the slowdown is, it works on the same thread.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await cdp.send('Network.enable');
  if (isSlow4g) await cdp.send('Network.emulateNetworkConditions', SLOW_4G);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript(watchPress);
  const taskMs = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  const launcher = page.locator('[part=launcher], #launcher');
  return {
    page,
    taskMs,
    async quiet() {
      let before = await taskMs();
      for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
        await sleep(LOOK_MS);
        const now = await taskMs();
        if (now - before < NOTHING_MS) return;
        before = now;
      }
    },
    async press() {
      const box = await launcher.boundingBox();
      if (!box) throw new Error('a launcher');
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      return page.evaluate<number>(() => Reflect.get(window, 'untilUsable')());
    },
    traffic: watchTraffic(cdp),
    close: () => page.close(),
  };
};

/** A task of a page's main thread. */
export interface Task {
  /** Milliseconds. */
  ms: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
}

const MARK = 'continuo-bench';

/** Traces the page while `work` is done. @returns the tasks of its main thread */
export const traceTasks = async (
  browser: Browser,
  page: Page,
  work: () => Promise<void>,
): Promise<Task[]> => {
  const categories = ['blink.user_timing', 'disabled-by-default-devtools.timeline'];
  await browser.startTracing(page, { categories });
  await work();
  await page.evaluate((mark) => void performance.mark(mark), MARK);
  const trace: { traceEvents: TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString('utf8'));
  const own = trace.traceEvents.find(({ name }) => name === MARK);
  if (!own) throw new Error('the trace does not know the page');
  return trace.traceEvents
    .filter(
      ({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && pid === own.pid && tid === own.tid,
    )
    .map(({ dur = 0 }) => ({ ms: dur / 1000 }));
};
