import type { EditedMessage } from '@continuo/protocol';
import type { Client } from '../client.ts';

/**
 * Has a message of the customer's own, written on the web, say something else, for 15 minutes after it was sent. `$messages`
 * shows it once the log has it. Repeating it is safe.
 *
 * @param seq - The message's.
 * @throws ContinuoError `conflict` where it is too late or the message was deleted, `not_found` where it is not theirs, and
 * as any request
 */
export const editMessage = async (
  client: Pick<Client, 'request'>,
  seq: number,
  text: string,
): Promise<void> => {
  await client.request<EditedMessage>('post', `messages/${seq}/edit`, { json: { text } });
};

/**
 * Deletes a message of the customer's own, written on the web, while its case is open: its words are gone for every reader.
 * Deleting twice changes nothing.
 *
 * @param seq - The message's.
 * @throws ContinuoError `conflict` where its case is resolved, `not_found` where it is not theirs, and as any request
 */
export const deleteMessage = (client: Pick<Client, 'request'>, seq: number): Promise<void> =>
  client.request('post', `messages/${seq}/delete`);
