import type { Attachment, ChannelKind } from '@continuo/protocol';
import type { TSchema } from 'typebox';

/** A webhook's request as it came: the body is raw, because signatures are over the bytes. */
export interface WebhookRequest {
  method: 'GET' | 'POST';
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
}

/** What to do with a webhook's request. */
export type Verified =
  | {
      ok: true;
      /** Answer with this text and 200, and stop: the network's own check of the address. */
      challenge?: string;
    }
  | {
      ok: false;
      /** A stable word for logs and metrics (`signature_missing`, `signature_wrong`, …). Never told to the caller. */
      reason: string;
    };

interface InboundBase {
  /** The network's id of this event, the same at each repetition: the key that drops duplicates. */
  externalId: string;
  /** The customer's address on this channel. */
  from: string;
  /** Epoch milliseconds, the network's clock. */
  at: number;
}

/** Where a customer came from: the `ref` of our deep link, if any. */
export interface Referral {
  ref: string | null;
  source: string | null;
}

/** Something the customer said. */
export interface InboundMessage extends InboundBase {
  type: 'message';
  messageId: string;
  text: string;
  attachments: Attachment[];
  /** The payload of a pressed choice. */
  choice: string | null;
  referral: Referral | null;
}

/** A button was pressed that carries a payload (Get Started, a postback button). */
export interface InboundPostback extends InboundBase {
  type: 'postback';
  payload: string;
  title: string;
  referral: Referral | null;
}

/** The customer came through a deep link; opens the window. */
export interface InboundReferral extends InboundBase {
  type: 'referral';
  referral: Referral;
}

/** What our side sent, told back: by us (`messageId` or `metadata` is known) or by a person in the network's own inbox. */
export interface InboundEcho extends InboundBase {
  type: 'echo';
  messageId: string;
  text: string;
  attachments: Attachment[];
  /** What we gave to `send` as `metadata`. */
  metadata: string | null;
}

/** The network handed messages to the customer's device: these ids, and all up to `watermark` (epoch ms). */
export interface InboundDelivered extends InboundBase {
  type: 'delivered';
  messageIds: string[];
  watermark: number | null;
}

/** The customer saw everything up to `watermark` (epoch ms). */
export interface InboundRead extends InboundBase {
  type: 'read';
  watermark: number;
}

/** Of a kind that this adapter does not know or does not need (`kind: 'malformed'`: that it cannot read). Counted, nothing else. */
export interface InboundIgnored extends InboundBase {
  type: 'ignored';
  kind: string;
}

/** What came in, in the words of every channel. */
export type InboundEvent =
  | InboundMessage
  | InboundPostback
  | InboundReferral
  | InboundEcho
  | InboundDelivered
  | InboundRead
  | InboundIgnored;

/** One account's part of a webhook's body. */
export interface AccountEvents {
  accountId: string;
  events: InboundEvent[];
}

/** A message to carry out. */
export interface OutboundMessage {
  /** The customer's address on this channel. */
  to: string;
  text: string;
  /** A button under the text that opens a page. */
  link?: { url: string; title: string };
  /** Answers to choose from; `payload` comes back as `choice`. */
  choices?: readonly { title: string; payload: string }[];
  /** Comes back with the echo. */
  metadata: string;
  /** The window that holds now. */
  window: SendWindow;
}

/**
 * Why a message was certainly not sent. `window_closed`: too long since the customer wrote. `blocked`: this person
 * cannot be written to. `rejected`: the network refuses this message. `unauthorized`: our token does not hold.
 * `rate_limited`: too many, try later. `network`: the network was not reached, or asks to try later.
 */
export type SendErrorCode =
  | 'window_closed'
  | 'blocked'
  | 'rejected'
  | 'unauthorized'
  | 'rate_limited'
  | 'network';

/** How the network answered. */
export type SendResult =
  | { outcome: 'sent'; messageId: string }
  /** Certainly not sent. */
  | {
      outcome: 'failed';
      error: { code: SendErrorCode; message: string };
      /** Whether the same message may go through later. */
      retry: boolean;
      /** Milliseconds that the network asked us to wait. */
      retryAfterMs?: number;
    }
  /** The request went out and no clear answer came: it may or may not have been sent. Never repeat it unasked. */
  | { outcome: 'unknown'; message: string };

/** May we write to this customer now, and under which rule? */
export interface SendWindow {
  state: 'always' | 'standard' | 'human_agent' | 'closed';
  /** Epoch ms at which this state ends; when it ended for `closed`; null where there is no limit, or it never began. */
  until: number | null;
}

/** What the outside world gives to a request of ours. */
export interface NetworkContext {
  /** Base of the network's API, without a slash at the end. */
  apiUrl: string;
  fetch: typeof fetch;
  /** Ends the request: its timeout. */
  signal: AbortSignal;
}

/** Who a customer is on the network. */
export interface Profile {
  name: string | null;
  pictureUrl: string | null;
  /** BCP 47 */
  locale: string | null;
}

/** One account of ours on a network, with its configuration: what a channel in the database opens to. */
export interface ChannelAccount {
  /** The account's id on the network: webhooks are routed by it. */
  accountId: string;
  /** Is this request from the network, for this account? Compares secrets in constant time. Never throws. */
  verify(request: WebhookRequest): Verified;
  /** Never throws: every way in which it can end is a `SendResult`. */
  send(message: OutboundMessage, context: NetworkContext): Promise<SendResult>;
  /** Who the customer is; null where the network does not tell. Never throws. */
  profile(externalId: string, context: NetworkContext): Promise<Profile | null>;
  /** A link that opens the customer's thread with us on the network, carrying `ref`. */
  deepLink(ref: string): string;
}

/**
 * A channel: verify, parse, send, window and deep link, and nothing else. Pure of storage. To add one, write a folder
 * beside this file and add a line to the registry.
 */
export interface ChannelAdapter {
  kind: ChannelKind;
  /** Where the network's API is, without a slash at the end, unless the operator says otherwise. */
  apiUrl: string;
  /** UTF-16 code units of one text message there: several of ours may go out as one up to it. */
  textLength: number;
  /** Answers to choose from under one message; 0 where the network shows none. */
  choices: number;
  /** TypeBox schema of an account's configuration, with a description for each key. */
  configSchema: TSchema;
  /**
   * An account from its configuration.
   * @throws ChannelError `config_invalid`, naming each key that does not fit
   */
  account(config: unknown): ChannelAccount;
  /**
   * The accounts that a webhook's body speaks of, as it says and before it is verified: it tells whose secret to verify
   * with, and nothing else. Must be cheap, because anybody can send a body.
   * @throws ChannelError `body_invalid` when it is not of this network's shape
   */
  accounts(body: Uint8Array): string[];
  /**
   * What a verified body says, by account, in order; an account may come up more than once. Unknown kinds become
   * `ignored`, and so does one event that cannot be read, which spoils no other.
   * @throws ChannelError `body_invalid`
   */
  parse(body: Uint8Array): AccountEvents[];
  /** The window at `now`, from when the customer last wrote on this channel (null: never). */
  window(lastInboundAt: number | null, options: { now: number; humanAgent: boolean }): SendWindow;
}
