import type { SendResult } from '@continuo/channels';
import { networkContext, openAccount } from '../channels/account.ts';
import type { Runtime } from '../runtime.ts';
import { conversationScope } from '../storage/scopes.ts';
import { type Claim, claimDue, nextDue } from './claim.ts';
import { listen } from './room.ts';
import { settle } from './settle.ts';
import { createWorkLoop, type Worker } from './work-loop.ts';

/** How long a network may take to answer. */
const SEND_TIMEOUT_MS = 20_000;

/** Sends what a claim holds. Never throws: what could not even be begun was not sent. */
export const sendClaim = async (rt: Runtime, claim: Claim): Promise<SendResult> => {
  const { to, content, metadata, window } = claim;
  const { text, link, choices } = content;
  try {
    const account = openAccount(rt, claim.channel);
    const message = { to, text, metadata, window, ...(link && { link }), ...(choices && { choices }) };
    return await account.send(message, networkContext(rt, claim.channel.kind, SEND_TIMEOUT_MS));
  } catch (error) {
    rt.log.error({ err: error, channelId: claim.channel.id }, 'a channel could not be opened');
    return {
      outcome: 'failed',
      error: { code: 'unauthorized', message: "The channel's configuration cannot be used" },
      retry: false,
    };
  }
};

const carryOut = async (rt: Runtime, claim: Claim): Promise<void> => {
  const begun = rt.now();
  const result = await sendClaim(rt, claim);
  rt.metrics.observe('continuo_delivery_seconds', (rt.now() - begun) / 1000, { channel: claim.channel.kind });
  if (result.outcome !== 'sent') {
    const why = result.outcome === 'failed' ? result.error : { message: result.message };
    rt.log.warn({ ...why, deliveries: claim.deliveryIds, outcome: result.outcome }, 'a message was not sent');
  }
  const scope = conversationScope(claim.conversationId);
  await rt.store.write((tx) => settle(rt, tx, { claim, result }), scope);
};

/** Carries messages out to the networks. */
export const createDeliveryWorker = (rt: Runtime): Worker => {
  const underWay = new Set<Promise<void>>();

  const begin = (claim: Claim): void => {
    const job = carryOut(rt, claim)
      .catch((error: unknown) => {
        // The lease runs out, and the delivery is shown as unknown.
        rt.log.error(
          { err: error, deliveries: claim.deliveryIds },
          'the outcome of a message could not be kept',
        );
      })
      .finally(() => underWay.delete(job));
    underWay.add(job);
  };

  const loop = createWorkLoop(rt, {
    name: 'deliveries',
    async turn() {
      // Taken before the claim, so that what falls due while it runs is seen by the one or the other.
      const since = rt.now();
      const { claims, more } = await claimDue(rt);
      for (const claim of claims) begin(claim);
      return more ? rt.now() : nextDue(rt, since);
    },
    async idle() {
      await Promise.all(underWay);
    },
  });

  return {
    start() {
      listen(rt, 'deliveries', loop.wake);
      loop.start();
    },
    wake: loop.wake,
    async close() {
      listen(rt, 'deliveries', null);
      await loop.close();
    },
  };
};
