import type { WidgetOptions } from './types.ts';

/** Whether the page allows to keep anything in the browser. What is no level is no consent. */
export const mayKeep = ({ consent = 'functional' }: WidgetOptions): boolean => consent === 'functional';

/** Hints that survive a page, never secrets. Where storage is blocked nothing is remembered. */
const of = (lasting: boolean): Storage => (lasting ? localStorage : sessionStorage);

/**
 * What is kept under a channel's key: lasting, that the device had a conversation; not lasting, that the chat is open in
 * this tab. Under `locale`: the language that the visitor chose.
 */
export const recall = (options: WidgetOptions, lasting: boolean, key = options.channel): string | null => {
  try {
    return mayKeep(options) ? of(lasting).getItem(`continuo:${key}`) : null;
  } catch {
    return null;
  }
};

/** What {@link remember} keeps; `key` is the channel's unless it is given. */
export interface Hint {
  lasting: boolean;
  /** `1` for what is only true. Empty: forgets it. */
  value: string;
  key?: string;
}

export const remember = (options: WidgetOptions, { lasting, value, key = options.channel }: Hint): void => {
  try {
    if (value && mayKeep(options)) of(lasting).setItem(`continuo:${key}`, value);
    else of(lasting).removeItem(`continuo:${key}`);
  } catch {
    // The hint is lost; nothing depends on it.
  }
};
