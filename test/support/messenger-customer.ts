import { expect } from 'vitest';
import { SOON } from './patience.ts';
import type { World } from './world.ts';

/** A person with the Messenger app, on the simulated side. */
export interface MessengerCustomer {
  psid: string;
  write(text: string): void;
  read(): void;
  /** The texts that arrived from the Page, oldest first. */
  texts(): string[];
  /** Waits for a text from the Page. */
  received(text: string): Promise<void>;
  /** Waits for a message with a link button that was not taken before, and gives its address. */
  receivedLink(): Promise<string>;
}

/** The inbox shows pictures from https and data addresses only; the simulator's own are on plain http. */
const PICTURE =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'%3E%3Crect width='1' height='1' fill='teal'/%3E%3C/svg%3E";

export const messengerCustomer = (
  { simulator: { simulator } }: Pick<World, 'simulator'>,
  person: { firstName: string; lastName: string; locale?: string },
): MessengerCustomer => {
  const { psid } = simulator.createCustomer({ pictureUrl: PICTURE, ...person });
  const taken = new Set<string>();
  const fromPage = () => simulator.thread(psid).messages.filter(({ from }) => from === 'page');
  const freshLink = () =>
    fromPage().find(({ mid, buttons }) => !taken.has(mid) && buttons.some(({ type }) => type === 'web_url'));
  return {
    psid,
    write(text) {
      const message = { text, attachments: [], quickReplyPayload: null, replyTo: null };
      simulator.dispatch(psid, {
        type: 'customer.message',
        mid: simulator.newMid(),
        at: simulator.now(),
        ...message,
      });
    },
    read: () => void simulator.dispatch(psid, { type: 'customer.read', at: simulator.now() }),
    texts: () => fromPage().map(({ text }) => text),
    async received(text) {
      await expect
        .poll(
          () =>
            fromPage()
              .map((message) => message.text)
              .join('\n'),
          SOON,
        )
        .toContain(text);
    },
    async receivedLink() {
      await expect.poll(() => freshLink() !== undefined, SOON).toBe(true);
      const message = freshLink();
      const button = message?.buttons.find(({ type }) => type === 'web_url');
      if (!message || button?.type !== 'web_url') throw new Error('no link');
      taken.add(message.mid);
      return button.url;
    },
  };
};
