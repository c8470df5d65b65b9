import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach } from 'vitest';
import { resolveCase } from '../../conversations/resolve.ts';
import { WEB_KEY } from '../../sessions/testing/brand.ts';
import { createDevice, type Device } from '../../sessions/testing/device.ts';
import { type Answer, createWorld, type SocialCustomer, type World } from '../../sessions/testing/world.ts';

/** A session's token and conversation. */
interface Held {
  token: string;
  conversationId: string;
}

/** A world with a customer who wrote on Messenger, her phone, and another device; and what devices do with links. */
export interface Stage {
  readonly world: World;
  readonly phone: Device;
  readonly other: Device;
  readonly amina: SocialCustomer;
  peek(token: string, by?: Device): Promise<Answer>;
  redeem(token: string, by?: Device, join?: boolean): Promise<Answer>;
  decline(token: string, by?: Device): Promise<Answer>;
  renew(token: string, by?: Device): Promise<Answer>;
  say(device: Device, session: Held, text: string): Promise<Answer>;
  history(device: Device, session: Held): Promise<unknown>;
  /** The steps in the log of Amina's conversation, `refused` with its reason. */
  steps(): Promise<string[]>;
  resolve(): Promise<void>;
}

interface Cast {
  world: World;
  phone: Device;
  other: Device;
  amina: SocialCustomer;
}

const createCast = async (): Promise<Cast> => {
  const world = await createWorld();
  return { world, phone: await createDevice(), other: await createDevice(), amina: await world.social() };
};

export const DEEP_LINK = 'https://m.me/brand?ref=continuo';

/** What an answer looks like that is a problem document. */
export const problem = (status: number, code: string, more: object = {}) => ({
  status,
  body: { status, code, ...more },
});

/** A token that was never given out. */
export const unknownToken = (): string => randomBytes(32).toString('base64url');

/** Sets a new stage for each test of a file. */
export const useStage = (): Stage => {
  let cast: Cast | null = null;
  beforeEach(async () => {
    cast = await createCast();
  });
  afterEach(() => cast?.world.close());
  const now = (): Cast => {
    if (cast === null) throw new Error('the stage is set when a test begins');
    return cast;
  };
  const post = (step: string) => (token: string, by?: Device) =>
    now().world.call(by ?? now().phone, `POST /v1/handoffs/${step}`, { body: { token } });
  return {
    get world() {
      return now().world;
    },
    get phone() {
      return now().phone;
    },
    get other() {
      return now().other;
    },
    get amina() {
      return now().amina;
    },
    peek: post('peek'),
    decline: post('decline'),
    renew: post('renew'),
    redeem: (token, by, join) =>
      now().world.call(by ?? now().phone, 'POST /v1/handoffs/redeem', {
        body: { token, channelKey: WEB_KEY, ...(join !== undefined && { join }) },
      }),
    say: (device, session, text) =>
      now().world.call(device, `POST /v1/conversations/${session.conversationId}/messages`, {
        token: session.token,
        body: { clientId: randomBytes(9).toString('base64url'), text },
      }),
    history: async (device, session) =>
      (await now().world.call(device, `GET /v1/conversations/${session.conversationId}/history`, session))
        .body,
    steps: async () =>
      (await now().world.events(now().amina.conversationId)).flatMap((event) =>
        event.type === 'handoff' ? [event.reason ? `${event.step}:${event.reason}` : event.step] : [],
      ),
    resolve: async () => {
      const { world, amina } = now();
      const { conversationId } = amina;
      await world.rt.store.write((tx) => resolveCase(world.rt, tx, { conversationId, actor: world.agent }));
    },
  };
};
