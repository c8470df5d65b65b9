import type { SendMessage } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import { hashOf } from '../sessions/tokens.ts';
import type { ClientKey } from '../storage/store.ts';

/**
 * The key of idempotence of what somebody sends, made of all that it means.
 * @throws ContinuoError `bad_request` when it says nothing
 */
export const keyOf = ({ clientId, text, files, replyTo }: SendMessage): ClientKey => {
  if (!files && text.trim() === '') {
    const errors = [{ path: '/text', message: 'must not be blank where there are no files' }];
    throw new ContinuoError('bad_request', { detail: 'The message says nothing', errors });
  }
  const plain = files ? JSON.stringify([text, files]) : text;
  return { clientId, hash: hashOf(replyTo ? JSON.stringify([text, files ?? [], replyTo]) : plain) };
};
