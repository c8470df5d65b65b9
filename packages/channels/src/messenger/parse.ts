import { Value } from 'typebox/value';
import type { AccountEvents, InboundEvent, Referral } from '../adapter.ts';
import { ChannelError } from '../channel-error.ts';
import { attachmentsOf } from './attachments.ts';
import { digestOf } from './digest.ts';
import {
  Common,
  DeliveryBody,
  Envelope,
  MessageBody,
  PostbackBody,
  ReadBody,
  type ReferralBody,
  ReferralEventBody,
} from './webhook.ts';

const ENVELOPE_KEYS: readonly string[] = ['sender', 'recipient', 'timestamp'];

const readJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new ChannelError('body_invalid', 'The body is not JSON in UTF-8');
  }
};

const toReferral = ({ ref, source }: ReferralBody): Referral => ({
  ref: ref ?? null,
  source: source ?? null,
});

/** Which field of Meta's this is; none at all is malformed, like what has not the common parts. */
const kindOf = (event: object): string | undefined =>
  Object.keys(event).find((key) => !ENVELOPE_KEYS.includes(key));

const ignored = (event: unknown, kind: string): InboundEvent => ({
  type: 'ignored',
  kind,
  externalId: `ignored:${digestOf(event)}`,
  from: Value.Check(Common, event) ? event.sender.id : '',
  at: 0,
});

const readMessage = (event: Common & MessageBody, at: number): InboundEvent => {
  const { message } = event;
  const { mid } = message;
  const said = { messageId: mid, text: message.text ?? '', attachments: attachmentsOf(message), at };
  if (message.is_echo) {
    const metadata = message.metadata ?? null;
    return { type: 'echo', externalId: `echo:${mid}`, from: event.recipient.id, ...said, metadata };
  }
  return {
    type: 'message',
    externalId: `message:${mid}`,
    from: event.sender.id,
    ...said,
    choice: message.quick_reply?.payload ?? null,
    referral: message.referral ? toReferral(message.referral) : null,
  };
};

/** An event of a kind that we use, or null when it does not fit what Meta documents for that kind. */
const readKnown = (event: Common, { kind, at }: { kind: string; at: number }): InboundEvent | null => {
  const from = event.sender.id;
  const base = { externalId: `${kind}:${digestOf(event)}`, from, at };
  if (kind === 'message' && Value.Check(MessageBody, event)) return readMessage(event, at);
  if (kind === 'postback' && Value.Check(PostbackBody, event)) {
    const { mid, title = '', payload = '', referral } = event.postback;
    const externalId = mid === undefined ? base.externalId : `postback:${mid}`;
    return {
      ...base,
      externalId,
      type: 'postback',
      title,
      payload,
      referral: referral ? toReferral(referral) : null,
    };
  }
  if (kind === 'referral' && Value.Check(ReferralEventBody, event)) {
    return { ...base, type: 'referral', referral: toReferral(event.referral) };
  }
  if (kind === 'delivery' && Value.Check(DeliveryBody, event)) {
    const { mids = [], watermark = null } = event.delivery;
    return { ...base, type: 'delivered', messageIds: mids, watermark };
  }
  if (kind === 'read' && Value.Check(ReadBody, event)) {
    return { ...base, type: 'read', watermark: event.read.watermark };
  }
  return null;
};

const KNOWN: readonly string[] = ['message', 'postback', 'referral', 'delivery', 'read'];

const readEvent = (event: unknown, entryTime: number): InboundEvent => {
  if (!Value.Check(Common, event)) return ignored(event, 'malformed');
  // A message or postback may carry other fields beside it; what it is goes before what it has.
  const kind = KNOWN.find((known) => Object.hasOwn(event, known)) ?? kindOf(event);
  if (kind === undefined) return ignored(event, 'malformed');
  if (!KNOWN.includes(kind)) return ignored(event, kind);
  return readKnown(event, { kind, at: event.timestamp ?? entryTime }) ?? ignored(event, 'malformed');
};

const readEnvelope = (body: Uint8Array): Envelope => {
  const envelope = readJson(body);
  if (Value.Check(Envelope, envelope)) return envelope;
  throw new ChannelError('body_invalid', "The body is not a Page's webhook");
};

/** The Pages that a body speaks of. */
export const accounts = (body: Uint8Array): string[] => [
  ...new Set(readEnvelope(body).entry.map(({ id }) => id)),
];

/**
 * What a webhook's body says (Meta, "Webhook events"): every event of every entry, in order. Events in `standby` belong
 * to another app and are ignored, as are fields that we do not use. One event that cannot be read spoils no other.
 * @throws ChannelError `body_invalid` when it is not JSON, or not of a Page
 */
export const parse = (body: Uint8Array): AccountEvents[] =>
  readEnvelope(body).entry.map(({ id, time = 0, messaging = [], standby = [], changes = [] }) => ({
    accountId: id,
    events: [
      ...messaging.map((event) => readEvent(event, time)),
      ...standby.map((event) => ignored(event, 'standby')),
      ...changes.map((event) => ignored(event, 'changes')),
    ],
  }));
