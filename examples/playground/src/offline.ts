const network = globalThis.fetch.bind(globalThis);
let cut: AbortController | null = null;
let ending = new AbortController();

/** From its import on, what the page fetches can be cut off as a lost network would. */
globalThis.fetch = (input, init) => {
  if (cut) return Promise.reject(new TypeError('The network is cut off'));
  const signals = init?.signal ? [init.signal, ending.signal] : [ending.signal];
  return network(input, { ...init, signal: AbortSignal.any(signals) });
};

/** Cuts the page off, what is under way too, or brings it back. */
export const setOffline = (offline: boolean): void => {
  if (offline === (cut !== null)) return;
  if (offline) {
    cut = ending;
    cut.abort(new TypeError('The network is cut off'));
  } else {
    cut = null;
    ending = new AbortController();
  }
  dispatchEvent(new Event(offline ? 'offline' : 'online'));
};
