import type { ContinueElsewhere, ContinueLink, OtherDevices } from '@continuo/protocol';
import type { Client } from '../client.ts';

/*
 * Carrying this conversation on elsewhere, seen from the device that has it. Apart from the client, so that whoever does not
 * use it does not load it. Each rejects with a ContinuoError.
 */

type Asking = Pick<Client, 'request'>;

/**
 * A link by which the customer carries on elsewhere, in place of the last one: `device` on another device, a network's name
 * where the channel's `continueOn` has it. It works once and for 5 minutes. Show it to the customer and put it nowhere. Rejects
 * with `rate_limited` after five in an hour.
 */
export const continueElsewhere = ({ request }: Asking, to: ContinueElsewhere['to']): Promise<ContinueLink> =>
  request('post', 'handoffs', { json: { to } });

/** The devices that came by a link of this one and are still in, the newest first. */
export const otherDevices = async ({ request }: Asking): Promise<OtherDevices['devices']> =>
  (await request<OtherDevices>('get', 'handoffs', { retry: 1 })).devices;

/** Ends what came by a link of this device: the other device's session, or a link that was not used yet. */
export const endElsewhere = ({ request }: Asking, handoffId: string): Promise<void> =>
  request('delete', `handoffs/${handoffId}`);
