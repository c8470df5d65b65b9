import type { Client } from '../../view/model.ts';

/** What was typed into the form of a message. */
export interface Typed {
  /** Pressed again after a lost answer, it is the same filling in. */
  clientId: string;
  values: Record<string, string>;
}

const typed = new WeakMap<Client, Map<number, Typed>>();

const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

/** What was typed into the form of the message at `seq`; it stays while the panel is closed, in memory only. */
export const typedIn = (client: Client, seq: number): Typed => {
  const forms = typed.get(client) ?? new Map<number, Typed>();
  typed.set(client, forms);
  const known = forms.get(seq) ?? { clientId: newId(), values: {} };
  forms.set(seq, known);
  return known;
};

/** Once it is sent, nothing of it is kept here. */
export const forgetTyped = (client: Client, seq: number): void => void typed.get(client)?.delete(seq);
