import type { InboundEcho, InboundRead, SendResult } from '@continuo/channels';
import fc from 'fast-check';
import { expect } from 'vitest';
import { markReceipts } from '../../conversations/receipts.ts';
import { rowOf } from '../../conversations/testing/story.ts';
import { type Claim, claimDue, LEASE_MS } from '../claim.ts';
import { noteEcho, noteRead } from '../network-receipts.ts';
import { planDelivery } from '../plan.ts';
import { settle } from '../settle.ts';
import { sendClaim } from '../worker.ts';
import { accept, cut, type NetworkRequest, refuse } from './network.ts';
import type { World } from './world.ts';

type Answer = 'takes it' | 'takes it, answer lost' | 'lost on the way' | 'refuses for now' | 'refuses';

const ACTS = {
  say: 5,
  'send a link': 1,
  'write there': 1,
  come: 2,
  go: 3,
  'read on the web': 2,
  'read there': 1,
  claim: 6,
  settle: 5,
  crash: 2,
  echo: 2,
} as const;
export type Act = keyof typeof ACTS;

/** Something that happens. `send`: the network is asked, and answers so; `pass`: milliseconds go by. */
export type Step = { act: Act } | { send: Answer } | { pass: number };

const acts = Object.entries(ACTS).flatMap(([act, weight]) => {
  const name = Object.keys(ACTS).find((key): key is Act => key === act);
  return name ? [{ weight, arbitrary: fc.constant<Step>({ act: name }) }] : [];
});

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    ...acts,
    {
      weight: 6,
      arbitrary: fc
        .constantFrom<Answer[]>(
          'takes it',
          'takes it',
          'takes it, answer lost',
          'lost on the way',
          'refuses for now',
          'refuses',
        )
        .map((send): Step => ({ send })),
    },
    {
      weight: 6,
      arbitrary: fc.constantFrom(1, 1000, 9000, 15_000, 16_000, LEASE_MS + 1).map((pass): Step => ({ pass })),
    },
  ),
  { minLength: 5, maxLength: 45 },
);

/** What the network has taken: what the customer sees there. */
interface Taken {
  request: NetworkRequest;
  messageId: string;
}

/** One customer, and everything that happens between us, the web and the network. */
export class Play {
  /** Our messages: the seq of each, and a word that is in no other. */
  readonly messages: { seq: number; word: string; isLink: boolean }[] = [];
  readonly taken: Taken[] = [];
  readonly conversationId: string;
  /** How far the customer has seen the page. */
  seenOnWeb = 0;
  readonly #world: World;
  readonly #identityId: string;
  #claims: { claim: Claim; result: SendResult | null }[] = [];

  constructor(world: World, ids: { conversationId: string; identityId: string }) {
    this.#world = world;
    this.conversationId = ids.conversationId;
    this.#identityId = ids.identityId;
  }

  async run(step: Step): Promise<void> {
    if ('pass' in step) this.#world.rt.pass(step.pass);
    else if ('send' in step) await this.#send(step.send);
    else await this.#do(step.act);
  }

  /** The network works again, all that it owes arrives, and the customer stops coming and going. */
  async heal(): Promise<void> {
    this.#claims = [];
    this.#world.rt.pass(LEASE_MS + 1);
    await this.#quiet();
    for (const taken of this.taken) await this.#echo(taken);
    await this.#quiet();
  }

  async #quiet(): Promise<void> {
    for (let round = 0; round < 100; round += 1) {
      await this.#readOnWeb();
      await this.#claim();
      await this.#send('takes it');
      await this.#settle();
      const rows = await this.#world.rows(this.conversationId);
      if (!rows.some(({ state }) => ['held', 'pending', 'sending'].includes(state))) return;
      this.#world.rt.pass(60_000);
    }
  }

  async #do(act: Act): Promise<void> {
    if (act === 'say') await this.#say();
    else if (act === 'send a link') await this.#sendLink();
    else if (act === 'write there') await this.#writeThere();
    else if (act === 'come' || act === 'go') this.#world.web(act === 'come', this.conversationId);
    else if (act === 'read on the web') await this.#readOnWeb();
    else if (act === 'read there') await this.#readThere();
    else if (act === 'claim') await this.#claim();
    else if (act === 'settle') await this.#settle();
    else if (act === 'crash') this.#claims = [];
    else await this.#echo(this.taken.at(-1));
  }

  #word(): string {
    return `<${this.#identityId}.${this.messages.length}>`;
  }

  #isOnWeb(): boolean {
    return this.#world.rt.presence.of(this.conversationId) === 'web';
  }

  async #say(): Promise<void> {
    const word = this.#word();
    const seq = await this.#world.say(word, this.conversationId);
    this.messages.push({ seq, word, isLink: false });
  }

  async #sendLink(): Promise<void> {
    const word = this.#word();
    const { conversationId } = this;
    const { rt } = this.#world;
    const seq = await rt.store.write(async (tx) => {
      const [event] = await tx.append(conversationId, [{ type: 'assigned', ...NOBODY }]);
      const link = { url: `https://brand.example/#${word}`, title: 'Go on' };
      const sent = { conversationId, seq: event?.seq ?? 0, text: word, link, immediate: true };
      await planDelivery(rt, tx, sent);
      return sent.seq;
    });
    this.messages.push({ seq, word, isLink: true });
  }

  async #writeThere(): Promise<void> {
    const wrote = { last_inbound_at: this.#world.rt.now() };
    await this.#world.rt.store.write((tx) =>
      tx.db.updateTable('identities').set(wrote).where('id', '=', this.#identityId).execute(),
    );
  }

  async #readOnWeb(): Promise<void> {
    if (!this.#isOnWeb()) return;
    const { conversationId } = this;
    const { rt } = this.#world;
    const { head } = await rowOf(rt, conversationId);
    this.seenOnWeb = head;
    await rt.store.write((tx) => markReceipts(rt, tx, { conversationId, by: 'customer', read: head }));
  }

  async #claim(): Promise<void> {
    const { rt } = this.#world;
    const { claims } = await claimDue(rt);
    for (const claim of claims) {
      this.#claims.push({ claim, result: null });
      if (claim.content.link) continue;
      // Never both: what goes out to the network was not seen on the web, and nobody is there to see it.
      expect(this.#isOnWeb()).toBe(false);
      const rows = await this.#world.rows(this.conversationId);
      for (const { id, seq } of rows) {
        if (claim.deliveryIds.includes(id)) expect(seq).toBeGreaterThan(this.seenOnWeb);
      }
    }
  }

  async #send(answer: Answer): Promise<void> {
    const next = this.#claims.find(({ result }) => result === null);
    if (!next) return;
    this.#world.network.answer = (request, messageId) => {
      if (answer.startsWith('takes it')) this.taken.push({ request, messageId });
      if (answer === 'takes it') return accept(messageId);
      if (answer === 'refuses for now') return refuse(613);
      return answer === 'refuses' ? refuse(551) : cut('ECONNRESET');
    };
    next.result = await sendClaim(this.#world.rt, next.claim);
  }

  async #settle(): Promise<void> {
    const done = this.#claims.find(({ result }) => result !== null);
    if (!done?.result) return;
    this.#claims = this.#claims.filter((other) => other !== done);
    const { claim, result } = done;
    const { rt } = this.#world;
    await rt.store.write((tx) => settle(rt, tx, { claim, result }));
  }

  async #echo(taken: Taken | undefined): Promise<void> {
    if (!taken) return;
    const { request, messageId } = taken;
    const { to: from, text, metadata } = request;
    const { rt, channel } = this.#world;
    const more = { externalId: 'x', from, at: rt.now(), attachments: [] };
    const event: InboundEcho = { type: 'echo', messageId, text, metadata, ...more };
    const about = { channelId: channel.id, identityId: this.#identityId };
    expect(await rt.store.write((tx) => noteEcho(rt, tx, { ...about, event }))).toBe('done');
  }

  async #readThere(): Promise<void> {
    const { rt, channel } = this.#world;
    const at = rt.now();
    const event: InboundRead = { type: 'read', externalId: 'x', from: '24', at, watermark: at };
    const about = { channelId: channel.id, identityId: this.#identityId };
    await rt.store.write((tx) => noteRead(rt, tx, { ...about, event }));
  }
}

const NOBODY = {
  agent: null,
  actor: { kind: 'system', id: null, name: null },
  reason: 'queue',
} as const;
