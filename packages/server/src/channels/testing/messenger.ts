import { createHmac } from 'node:crypto';
import type { MessageEvent } from '@continuo/protocol';
import {
  addChannel,
  createTestRuntime,
  type TestRuntime,
  WORKSPACE,
} from '../../conversations/testing/runtime.ts';
import { createNetwork, type Network } from '../../deliveries/testing/network.ts';
import type { Worker } from '../../deliveries/work-loop.ts';
import { createInboundWorker } from '../inbound-worker.ts';
import { takeIn } from '../webhook-intake.ts';

export const PAGE = { id: '7001', appSecret: 'sesame', verifyToken: 'open the door' };

/** A server's inside with one Page on it, and Meta's side of the webhook. */
export interface Page {
  rt: TestRuntime;
  network: Network;
  worker: Worker;
  channel: MessageEvent['channel'];
  /** Takes in a webhook with these events, signed. */
  webhook(...messaging: object[]): Promise<void>;
  /** Rows of `inbound` that are not done. */
  waiting(): Promise<number>;
  close(): Promise<void>;
}

export const sign = (body: string, secret = PAGE.appSecret): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

export const bodyOf = (pageId: string, ...messaging: object[]): string =>
  JSON.stringify({ object: 'page', entry: [{ id: pageId, time: 1_800_000_000_000, messaging }] });

/** Adds another Page with its own secret. */
export const addPage = async (
  rt: TestRuntime,
  { id, appSecret, verifyToken }: typeof PAGE,
): Promise<MessageEvent['channel']> => {
  const channel = { id: `chn_${id}`, kind: 'messenger', name: `Page ${id}` };
  const config = rt.secrets.seal(
    JSON.stringify({ pageId: id, pageAccessToken: 'token', appSecret, verifyToken, pageUsername: 'brand' }),
  );
  const row = { ...channel, workspace_id: WORKSPACE, external_id: id, config, created_at: 1 };
  await rt.store.write((tx) => tx.db.insertInto('channels').values(row).execute());
  return channel;
};

export const createPage = async (): Promise<Page> => {
  const rt = await createTestRuntime();
  const network = createNetwork();
  Object.assign(rt, { fetch: network.fetch });
  await addChannel(rt, 'web');
  const channel = await addPage(rt, PAGE);
  const worker = createInboundWorker(rt);
  return {
    rt,
    network,
    worker,
    channel,
    async webhook(...messaging) {
      const body = bodyOf(PAGE.id, ...messaging);
      await takeIn(rt, 'messenger', {
        method: 'POST',
        headers: { 'x-hub-signature-256': sign(body) },
        query: {},
        body: new TextEncoder().encode(body),
      });
    },
    async waiting() {
      const { left } = await rt.store.db
        .selectFrom('inbound')
        .select(({ fn }) => fn.countAll<number>().as('left'))
        .where('processed_at', 'is', null)
        .executeTakeFirstOrThrow();
      return left;
    },
    async close() {
      await worker.close();
      await rt.close();
    },
  };
};

/** An event from a customer. */
export const from = (psid: string, more: object, at = 1_800_000_000_000): object => ({
  sender: { id: psid },
  recipient: { id: PAGE.id },
  timestamp: at,
  ...more,
});

export const says = (psid: string, mid: string, text = mid): object => from(psid, { message: { mid, text } });

/** An echo of a message of ours. */
export const echo = (psid: string, mid: string, more: object = {}): object => ({
  sender: { id: PAGE.id },
  recipient: { id: psid },
  timestamp: 1_800_000_000_000,
  message: { mid, is_echo: true, ...more },
});
