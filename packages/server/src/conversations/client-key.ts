import type { SendMessage, SendReply } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import { hashOf } from '../sessions/tokens.ts';
import type { ClientKey } from '../storage/store.ts';

/**
 * The key of idempotence of what somebody sends, made of all that it means.
 * @throws ContinuoError `bad_request` when it says nothing
 */
export const keyOf = ({ clientId, text, replyTo, ...more }: SendMessage | SendReply): ClientKey => {
  const files = 'files' in more ? more.files : undefined;
  if (!files && text.trim() === '') {
    const errors = [{ path: '/text', message: 'must not be blank where there are no files' }];
    throw new ContinuoError('bad_request', { detail: 'The message says nothing', errors });
  }
  const rest = ('answer' in more && more.answer) || ('rich' in more && more.rich);
  if (rest) return { clientId, hash: hashOf(JSON.stringify([text, files ?? [], replyTo ?? 0, rest])) };
  const plain = files ? JSON.stringify([text, files]) : text;
  return { clientId, hash: hashOf(replyTo ? JSON.stringify([text, files ?? [], replyTo]) : plain) };
};
