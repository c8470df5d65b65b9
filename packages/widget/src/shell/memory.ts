/** Hints that survive a page, never secrets: a key with the value `1`. Where storage is blocked nothing is remembered. */
const of = (lasting: boolean): Storage => (lasting ? localStorage : sessionStorage);

/** `lasting`: the device had a conversation. Not lasting: the chat is open in this tab. */
export const recall = (channel: string, lasting: boolean): boolean => {
  try {
    return of(lasting).getItem(`continuo:${channel}`) === '1';
  } catch {
    return false;
  }
};

export const remember = (channel: string, lasting: boolean, value: boolean): void => {
  try {
    if (value) of(lasting).setItem(`continuo:${channel}`, '1');
    else of(lasting).removeItem(`continuo:${channel}`);
  } catch {
    // The hint is lost; nothing depends on it.
  }
};
