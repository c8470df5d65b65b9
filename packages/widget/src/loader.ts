import { createShell, type Shell } from './shell/shell.ts';
import { takeToken } from './shell/take-token.ts';
import type { PanelModule } from './shell/types.ts';

/** A call as the page wrote it: the command's name, then its arguments. */
type Call = Iterable<unknown>;

declare global {
  interface Window {
    /**
     * `Continuo('open')` or `Continuo.push(['open'])`. Commands: boot, identify, logout, shutdown, open, close, toggle, show, hide,
     * setLocale, on. Until the loader has run, a stub of the page keeps the calls in `q`.
     */
    Continuo?: {
      (...call: unknown[]): unknown;
      push?(call: Call): unknown;
      q?: Call[];
    };
  }
}

const script = document.querySelector<HTMLScriptElement>('script[data-channel]');
const { src = '', dataset = {} } = script ?? {};
const earlier = window.Continuo;
let token: string | null;
let shell: Shell | null = null;

const load = (failures: number): Promise<PanelModule> => {
  const url = new URL('__PANEL_URL__', src);
  // A browser may remember a failed import by its address.
  if (failures) url.search = `${failures}`;
  return import(url.href);
};

const boot = (given: object): void => {
  shell?.destroy();
  shell = createShell({
    options: Object.assign({ channel: '', baseUrl: new URL('..', src).href }, dataset, given),
    load,
  });
  shell.start(token);
  token = null;
};

const on = (name: unknown, callback: unknown): (() => void) => {
  const type = `continuo:${name}`;
  const listener = (event: Event) => callback instanceof Function && callback(Reflect.get(event, 'detail'));
  document.addEventListener(type, listener);
  return () => document.removeEventListener(type, listener);
};

const run = (...[name, first, second]: unknown[]): unknown => {
  switch (name) {
    case 'boot':
      return boot(first instanceof Object ? first : {});
    case 'identify':
      return shell?.identify(first);
    case 'on':
      return on(first, second);
    case 'setLocale':
    case 'logout':
    case 'shutdown':
    case 'open':
    case 'close':
    case 'toggle':
    case 'show':
    case 'hide':
      return shell?.[name](first ? `${first}` : undefined);
    default:
      throw TypeError(`Continuo: no ${name}`);
  }
};
const push = (call: Call) => run(...call);

const begin = () => {
  if (dataset.channel) boot({});
  for (const call of earlier?.q ?? []) push(call);
};

// With `push` it is not the page's stub but this script, included twice.
if (!earlier?.push) {
  token = takeToken('hosted' in dataset);
  window.Continuo = Object.assign(run, { push });
  // A page drawn ahead of its visit shows and asks for nothing until it is visited.
  if (document.prerendering) document.addEventListener('prerenderingchange', begin, { once: true });
  else begin();
}
