/** Hints that survive a page, never secrets. Where storage is blocked nothing is remembered. */
const of = (lasting: boolean): Storage => (lasting ? localStorage : sessionStorage);

/**
 * What is kept under a channel's key: lasting, that the device had a conversation; not lasting, that the chat is open in
 * this tab. Under `locale`: the language that the visitor chose.
 */
export const recall = (key: string, lasting: boolean): string | null | undefined => {
  try {
    return of(lasting).getItem(`continuo:${key}`);
  } catch {
    return undefined;
  }
};

/** @param value - `1` for what is only true. Empty: forgets it. */
export const remember = (key: string, lasting: boolean, value: string): void => {
  try {
    if (value) of(lasting).setItem(`continuo:${key}`, value);
    else of(lasting).removeItem(`continuo:${key}`);
  } catch {
    // The hint is lost; nothing depends on it.
  }
};
