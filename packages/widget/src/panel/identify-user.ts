import type { State } from './create-state.ts';

/** Tells the server who is logged in on the page, if anyone is. Where that fails, the page hears of it. */
export const identifyUser = async ({ shell, client }: Pick<State, 'shell' | 'client'>): Promise<void> => {
  const { identity } = shell.options;
  if (!identity) return;
  const given = identity instanceof Function ? () => Reflect.apply(identity, null, []) : `${identity}`;
  await client.identify(given).catch((error) => shell.emit('error', error));
};
