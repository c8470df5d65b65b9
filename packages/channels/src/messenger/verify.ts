import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Verified, WebhookRequest } from '../adapter.ts';
import type { MessengerConfig } from './config.ts';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;

const hmac = (key: string, data: Uint8Array | string): Buffer =>
  createHmac('sha256', key).update(data).digest();

/** Equal in constant time, whatever the lengths. */
const sameText = (one: string, other: string): boolean =>
  timingSafeEqual(hmac('compare', one), hmac('compare', other));

/** The check of the address when a webhook is entered (Meta, "Create a webhook endpoint"). */
const verifyAddress = ({ query }: WebhookRequest, config: MessengerConfig): Verified => {
  const challenge = query['hub.challenge'];
  if (query['hub.mode'] !== 'subscribe' || challenge === undefined)
    return { ok: false, reason: 'not_a_subscription' };
  if (!sameText(query['hub.verify_token'] ?? '', config.verifyToken))
    return { ok: false, reason: 'verify_token_wrong' };
  return { ok: true, challenge };
};

/**
 * `X-Hub-Signature-256: sha256=<64 hex digits>`, the HMAC-SHA-256 of the raw body under the app's secret (Meta,
 * "Create a webhook endpoint", Validate payloads). Parsing and serialising anew would give other bytes.
 */
const verifySignature = ({ headers, body }: WebhookRequest, config: MessengerConfig): Verified => {
  const header = headers['x-hub-signature-256'];
  if (header === undefined) return { ok: false, reason: 'signature_missing' };
  const given = SIGNATURE.exec(header)?.[1];
  if (given === undefined) return { ok: false, reason: 'signature_malformed' };
  const right = timingSafeEqual(Buffer.from(given, 'hex'), hmac(config.appSecret, body));
  return right ? { ok: true } : { ok: false, reason: 'signature_wrong' };
};

/** Whether a webhook's request is Meta's. */
export const verify = (request: WebhookRequest, config: MessengerConfig): Verified =>
  request.method === 'GET' ? verifyAddress(request, config) : verifySignature(request, config);
