import type { Attachment, Button, Messaging, ThreadMessage } from './types.ts';

/** Whose thread it is. */
export interface Addresses {
  pageId: string;
  psid: string;
}

const fromCustomer = ({ pageId, psid }: Addresses, timestamp: number) => ({
  sender: { id: psid },
  recipient: { id: pageId },
  timestamp,
});

const attachmentOut = ({ type, url, title, coordinates }: Attachment): Record<string, unknown> => {
  if (type === 'location') return { type, title: title ?? 'Pinned location', payload: { coordinates } };
  return { type, payload: { url, ...(title === null ? {} : { title }) } };
};

/** `messages`: the customer wrote (Meta, messages webhook reference). */
export const messageEvent = (
  addresses: Addresses,
  sent: {
    mid: string;
    at: number;
    text: string;
    attachments: Attachment[];
    quickReplyPayload: string | null;
    replyTo: string | null;
  },
): Messaging => ({
  ...fromCustomer(addresses, sent.at),
  message: {
    mid: sent.mid,
    ...(sent.text === '' ? {} : { text: sent.text }),
    ...(sent.attachments.length === 0 ? {} : { attachments: sent.attachments.map(attachmentOut) }),
    ...(sent.quickReplyPayload === null ? {} : { quick_reply: { payload: sent.quickReplyPayload } }),
    ...(sent.replyTo === null ? {} : { reply_to: { mid: sent.replyTo } }),
  },
});

const buttonTemplate = (text: string, buttons: Button[]) => ({
  type: 'template',
  payload: { template_type: 'button', text, buttons },
});

/** `message_echoes`: what the Page said, by an app or by a person (Meta, message-echoes webhook reference). */
export const echoEvent = ({ pageId, psid }: Addresses, message: ThreadMessage): Messaging => {
  const attachments =
    message.buttons.length > 0
      ? [buttonTemplate(message.text, message.buttons)]
      : message.attachments.map(attachmentOut);
  return {
    sender: { id: pageId },
    recipient: { id: psid },
    timestamp: message.at,
    message: {
      mid: message.mid,
      is_echo: true,
      app_id: Number(message.appId),
      ...(message.metadata === null ? {} : { metadata: message.metadata }),
      ...(message.buttons.length > 0 || message.text === '' ? {} : { text: message.text }),
      ...(attachments.length === 0 ? {} : { attachments }),
    },
  };
};

const referral = (ref: string) => ({ ref, source: 'SHORTLINK', type: 'OPEN_THREAD' });

/** `messaging_postbacks`: Get Started or a postback button; a new thread's `ref` comes in here. */
export const postbackEvent = (
  addresses: Addresses,
  at: number,
  { mid, title, payload, ref }: { mid: string; title: string; payload: string; ref: string | null },
): Messaging => ({
  ...fromCustomer(addresses, at),
  postback: { mid, title, payload, ...(ref === null ? {} : { referral: referral(ref) }) },
});

/** `messaging_referrals`: an m.me link was opened in an existing thread. */
export const referralEvent = (addresses: Addresses, at: number, ref: string): Messaging => ({
  ...fromCustomer(addresses, at),
  referral: referral(ref),
});

/** `message_deliveries`. */
export const deliveryEvent = (
  addresses: Addresses,
  at: number,
  delivery: { mids: string[]; watermark: number },
): Messaging => ({ ...fromCustomer(addresses, at), delivery });

/** `message_reads`. */
export const readEvent = (addresses: Addresses, at: number, watermark: number): Messaging => ({
  ...fromCustomer(addresses, at),
  read: { watermark },
});

/** `message_reactions`; a null emoji takes the reaction back. */
export const reactionEvent = (
  addresses: Addresses,
  at: number,
  { mid, emoji }: { mid: string; emoji: string | null },
): Messaging => ({
  ...fromCustomer(addresses, at),
  reaction: emoji === null ? { mid, action: 'unreact' } : { mid, action: 'react', reaction: 'other', emoji },
});
