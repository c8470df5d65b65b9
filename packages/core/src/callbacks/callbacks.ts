import type { RequestCallback } from '@continuo/protocol';
import type { Client } from '../client.ts';

/**
 * Asks to be called. Where there is no conversation yet, it is begun. The same `callbackId` again asks once.
 *
 * @param asked `at`: epoch milliseconds, null for as soon as possible
 * @returns nothing: the event `callback.requested` tells. Rejects with a ContinuoError; `conflict` where one is open
 *   already, or nobody is there at that time
 */
export const requestCallback = (client: Pick<Client, 'request'>, asked: RequestCallback): Promise<void> =>
  client.request('post', 'callbacks', { json: asked });

/** Does not want the call any more. Rejects with a ContinuoError; `conflict` where it was done. */
export const cancelCallback = (client: Pick<Client, 'request'>, callbackId: string): Promise<void> =>
  client.request('post', `callbacks/${callbackId}/cancel`);
