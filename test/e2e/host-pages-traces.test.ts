/** Begun, used and ended again and again, the widget leaves nothing in the page. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

// biome-ignore lint/suspicious/noExplicitAny: it stands for any of the browser's functions
type Call = (this: any, ...given: any[]) => any;

/** Counts what the page holds of everything that has to be given back. Runs in the page, before any other script. */
const count = () => {
  const held: Record<string, Map<unknown, string>> = {};
  const hold = (kind: string, what: unknown, name = '') => {
    held[kind] ??= new Map();
    held[kind].set(what, name);
  };
  const release = (kind: string, what: unknown) => held[kind]?.delete(what);
  const wrap = (target: object, name: string, make: (original: Call) => Call) => {
    const original = Reflect.get(target, name);
    Reflect.set(target, name, make(original));
  };

  // Only what outlives the element: what it listens to in itself goes with it.
  const lasting = (target: unknown) =>
    target === window || target === document || target === visualViewport || target instanceof MediaQueryList;
  const ids = new WeakMap<object, number>();
  let last = 0;
  const idOf = (value: unknown) => {
    if (typeof value !== 'object' && typeof value !== 'function') return 0;
    if (!value) return 0;
    if (!ids.has(value)) ids.set(value, ++last);
    return ids.get(value);
  };
  const keyOf = (target: unknown, [type, listener, options]: [string, unknown, unknown]) => {
    const capture = typeof options === 'object' && options ? Reflect.get(options, 'capture') : options;
    return `${idOf(target)} ${type} ${idOf(listener)} ${Boolean(capture)}`;
  };
  wrap(
    EventTarget.prototype,
    'addEventListener',
    (original) =>
      function (this: EventTarget, ...given: [string, unknown, unknown]) {
        const [type, listener, options] = given;
        const target = this ?? window;
        if (lasting(target) && listener) {
          const key = keyOf(target, given);
          const signal: AbortSignal | undefined = Reflect.get(Object(options), 'signal');
          if (!signal?.aborted) {
            hold('listeners', key, `${type} on ${target.constructor.name}`);
            signal?.addEventListener('abort', () => release('listeners', key));
          }
        }
        return original.apply(target, given);
      },
  );
  wrap(
    EventTarget.prototype,
    'removeEventListener',
    (original) =>
      function (this: EventTarget, ...given: [string, unknown, unknown]) {
        const target = this ?? window;
        release('listeners', keyOf(target, given));
        return original.apply(target, given);
      },
  );
  wrap(window, 'setInterval', (original) => (...given: unknown[]) => {
    const id = original.apply(window, given);
    hold('timers', id, `interval ${given[1]} ${String(given[0]).slice(0, 120)}`);
    return id;
  });
  wrap(window, 'setTimeout', (original) => (run: unknown, delay: unknown, ...given: unknown[]) => {
    const id = original.call(
      window,
      () => {
        release('timers', id);
        if (typeof run === 'function') run(...given);
      },
      delay,
    );
    hold('timers', id, `timeout ${delay} ${String(run).slice(0, 120)}`);
    return id;
  });
  for (const name of ['clearTimeout', 'clearInterval'])
    wrap(window, name, (original) => (id: unknown) => {
      release('timers', id);
      original.call(window, id);
    });
  for (const name of ['MutationObserver', 'ResizeObserver', 'IntersectionObserver']) {
    const { prototype } = Reflect.get(window, name);
    wrap(
      prototype,
      'observe',
      (original) =>
        function (this: unknown, ...given: unknown[]) {
          hold('observers', this, name);
          return original.apply(this, given);
        },
    );
    wrap(
      prototype,
      'disconnect',
      (original) =>
        function (this: unknown) {
          release('observers', this);
          return original.call(this);
        },
    );
  }
  const Channel = BroadcastChannel;
  Reflect.set(
    window,
    'BroadcastChannel',
    class extends Channel {
      constructor(name: string) {
        super(name);
        hold('channels', this, name);
      }
      override close() {
        release('channels', this);
        super.close();
      }
    },
  );
  wrap(
    IDBFactory.prototype,
    'open',
    (original) =>
      function (this: unknown, ...given: unknown[]) {
        const request: IDBOpenDBRequest = original.apply(this, given);
        request.addEventListener('success', () => hold('databases', request.result, request.result.name));
        return request;
      },
  );
  wrap(
    IDBDatabase.prototype,
    'close',
    (original) =>
      function (this: unknown) {
        release('databases', this);
        return original.call(this);
      },
  );
  Reflect.set(window, 'heldNow', async () => {
    const names: Record<string, string[]> = {};
    for (const [kind, all] of Object.entries(held)) if (all.size) names[kind] = [...all.values()].sort();
    const { held: locks = [] } = await navigator.locks.query();
    if (locks.length) names.locks = locks.map(({ name }) => `${name}`);
    return names;
  });
};

test('five rounds of begin, open, write and end leave no listener, timer, observer, channel, lock or database', async () => {
  const context = await world.device();
  await context.addInitScript(count);
  const widget = await world.visit(context);
  const heldNow = () => widget.page.evaluate(() => Reflect.get(window, 'heldNow')());
  const settings = { channel: world.channelKey };
  const end = async () => {
    await widget.page.evaluate(() => window.Continuo?.('shutdown'));
    await widget.page.locator('continuo-chat').waitFor({ state: 'detached' });
  };
  await widget.launcher.waitFor();
  await end();
  const before = await heldNow();
  for (let round = 1; round <= 5; round++) {
    await widget.page.evaluate((given) => window.Continuo?.('boot', given), settings);
    await widget.open();
    await widget.send(`Round ${round}`);
    await widget
      .message(`Round ${round}`)
      .getByText(/^(Sent|Read)$/)
      .waitFor();
    await widget.composer.fill('a draft');
    await widget.button(/^More$/).click();
    await widget.dialog.getByRole('heading', { name: 'More' }).waitFor();
    await end();
  }
  await expect.poll(heldNow, { timeout: 9_000 }).toEqual(before);
  const left = await widget.page.evaluate(() => ({
    elements: document.querySelectorAll('continuo-chat').length,
    inert: document.body.inert,
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
  }));
  expect(left).toEqual({ elements: 0, inert: false, local: [], session: [] });
  expect(world.pageErrors).toEqual([]);
});
