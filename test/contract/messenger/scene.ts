import type { ConversationEvent, Delivery, MessageEvent } from '@continuo/protocol';
import type { ThreadMessage } from '@continuo-examples/messenger-simulator';
import { CompiledQuery } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { Answer } from '../../support/device.ts';
import type { MessengerCustomer } from '../../support/messenger-customer.ts';
import { type SocialDeployment, startSocialDeployment } from '../../support/social-deployment.ts';

/** One person on Messenger and what our side makes of them. */
export interface Scene {
  social: SocialDeployment;
  /** Meta's side. */
  meta: SocialDeployment['simulator']['simulator'];
  person: MessengerCustomer;
  conversationId(): Promise<string>;
  log(): Promise<ConversationEvent[]>;
  messages(): Promise<MessageEvent[]>;
  texts(): Promise<string[]>;
  /** The agent answers. */
  reply(text: string): Promise<Answer>;
  lastDelivery(): Promise<Delivery | undefined>;
  lastState(): Promise<string | undefined>;
  /** Messages that we asked Meta to send to this person. */
  calls(): number;
  /** What the person has from the Page. */
  fromPage(): ThreadMessage[];
  /** Time passes for everyone, or for Meta alone. */
  pass(ms: number, who?: 'everyone' | 'meta'): void;
}

const watch = (
  scene: Pick<Scene, 'social' | 'meta' | 'person'>,
): Omit<Scene, keyof typeof scene | 'pass'> => {
  const { social, meta, person } = scene;
  const conversationId = async () => {
    await social.quiet();
    return (await social.conversationOf(person.psid)) ?? '';
  };
  const log = async () => social.log(await conversationId());
  const messages = async () => (await log()).flatMap((event) => (event.type === 'message' ? [event] : []));
  const lastDelivery = async () => (await social.deliveries(await conversationId())).at(-1);
  return {
    conversationId,
    log,
    messages,
    texts: async () => (await messages()).map(({ text }) => text),
    reply: async (text) => social.sara.reply(await conversationId(), text),
    lastDelivery,
    lastState: async () => (await lastDelivery())?.state,
    calls: () => meta.counters()[person.psid]?.calls ?? 0,
    fromPage: () => meta.thread(person.psid).messages.filter(({ from }) => from === 'page'),
  };
};

/**
 * Agents' sessions outlast every jump of the clock. They are stored by the accounts library, whose clock does not jump,
 * and the next housekeeping, within seconds, would take one for ended.
 */
const staySignedIn = async ({ server }: SocialDeployment): Promise<void> => {
  const statement = CompiledQuery.raw('UPDATE auth_sessions SET expiresAt = ?', ['2100-01-01T00:00:00.000Z']);
  const { numAffectedRows } = await server.runtime.store.write((tx) => tx.db.executeQuery(statement));
  expect(numAffectedRows).toBeGreaterThan(0n);
};

/**
 * A deployment for the tests of a file, and for each of them another person.
 * @param hello the person has written already
 */
export const useScene = ({ hello = false } = {}): (() => Scene) => {
  let social: SocialDeployment;
  let scene: Scene;
  let ahead = 0;

  beforeAll(async () => {
    social = await startSocialDeployment({ outside: { now: () => Date.now() + ahead } });
    await staySignedIn(social);
  });
  afterAll(() => social?.close());
  beforeEach(async () => {
    const meta = social.simulator.simulator;
    const person = social.person();
    scene = {
      social,
      meta,
      person,
      ...watch({ social, meta, person }),
      pass(ms, who = 'everyone') {
        meta.advanceClock(ms);
        if (who === 'everyone') ahead += ms;
      },
    };
    if (hello) person.write('Hello');
    await social.quiet();
  });
  afterEach(() => social.simulator.simulator.faults.clear());
  return () => scene;
};
