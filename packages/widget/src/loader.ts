import { TAG } from './shell/host.ts';
import { createShell, type Shell } from './shell/shell.ts';
import { takeToken } from './shell/take-token.ts';
import type { PanelModule, WidgetOptions } from './shell/types.ts';

/** A call as the page wrote it: the command's name, then its arguments. */
type Call = Iterable<unknown>;

declare global {
  interface Window {
    /**
     * `Continuo('open')` or `Continuo.push(['open'])`. Commands: boot, identify, logout, shutdown, open, close, toggle, show, hide,
     * setLocale, consent, on. What is wrong is told in the console, never thrown. Until the loader has run, a stub of the page keeps the calls in `q`.
     */
    Continuo?: {
      (...call: unknown[]): unknown;
      push?(call: Call): unknown;
      q?: Call[];
    };
    /** Settings of the page, as {@link WidgetOptions}. What `boot` is given comes before them. */
    ContinuoSettings?: object;
  }
}

// Tag managers strip a tag of its own attributes, but not of its address.
const script = document.querySelector('script[data-channel]') ?? document.currentScript;
const { src, dataset }: HTMLScriptElement = Object(script);
const earlier = window.Continuo;
let token: string | undefined;
let shell: Shell | undefined;

const load = (failures: number): Promise<PanelModule> =>
  // A browser may remember a failed import by its address. A script of another origin has no address to be relative to.
  import(new URL(`__PANEL_URL__?${failures}`, src).href);

/** All that says how the chat is set up, the most binding last. */
const settle = (given?: unknown): WidgetOptions =>
  Object.assign(
    { baseUrl: new URL('..', src).href },
    document.querySelector(TAG)?.dataset,
    Object.fromEntries(new URL(src).searchParams),
    dataset,
    window.ContinuoSettings,
    given,
  );

/** What the page asks for wrongly it is told; nothing is thrown at it. */
const lack = (what: unknown) => console.error('Continuo: no', what);

const boot = (given?: unknown): void => {
  const options = settle(given);
  if (options.channel) {
    shell?.destroy();
    shell = createShell({ options, load });
    shell.start(token);
    token = undefined;
  } else if (given) lack('channel');
};

const on = (name: unknown, callback: unknown): (() => void) => {
  const type = `continuo:${name}`;
  const listener = ({ detail }: CustomEventInit) => callback instanceof Function && callback(detail);
  addEventListener(type, listener);
  return () => removeEventListener(type, listener);
};

const run = (...[name, first, second]: unknown[]): unknown => {
  if (name === 'boot') return boot(first ?? {});
  if (name === 'on') return on(first, second);
  const act: unknown = Object(shell)[`${name}`];
  return act instanceof Function ? act(first) : lack(name);
};
const push = (call: Call) => run(...call);

const begin = () => {
  boot();
  earlier?.q?.forEach(push);
};

// With `push` it is not the page's stub but this script, included twice.
if (!earlier?.push) {
  token = takeToken(dataset?.mode === 'page');
  window.Continuo = Object.assign(run, { push });
  // A page drawn ahead of its visit shows and asks for nothing until it is visited.
  if (document.prerendering) document.addEventListener('prerenderingchange', begin, { once: true });
  else begin();
}
