import type { Attachment, Messaging, Thread, ThreadMessage } from './types.ts';
import {
  type Addresses,
  deliveryEvent,
  echoEvent,
  messageEvent,
  postbackEvent,
  reactionEvent,
  readEvent,
  referralEvent,
} from './webhook-events.ts';

/** What can happen in a thread. `mid` and `at` come from outside, so that the reducer stays pure. */
export type ThreadAction =
  | {
      type: 'customer.message';
      mid: string;
      at: number;
      text: string;
      attachments: Attachment[];
      quickReplyPayload: string | null;
      replyTo: string | null;
    }
  | { type: 'customer.getStarted'; mid: string; at: number; ref: string | null }
  | { type: 'customer.openLink'; at: number; ref: string }
  | { type: 'customer.postback'; mid: string; at: number; title: string; payload: string }
  | { type: 'customer.read'; at: number }
  | { type: 'customer.react'; at: number; mid: string; emoji: string | null }
  | { type: 'customer.online'; at: number; on: boolean }
  | { type: 'customer.block'; on: boolean }
  | { type: 'page.message'; message: ThreadMessage }
  | { type: 'page.seen' }
  | { type: 'page.typing'; until: number };

export interface Step {
  thread: Thread;
  /** In the order in which Meta would send them. */
  webhooks: Messaging[];
}

export const emptyThread: Thread = {
  started: false,
  lastUserActionAt: null,
  pendingRef: null,
  online: true,
  blocked: false,
  typingUntil: 0,
  messages: [],
};

/** The next state of a thread, and the webhooks that tell of it. */
export const reduceThread = (thread: Thread, action: ThreadAction, addresses: Addresses): Step => {
  switch (action.type) {
    case 'customer.message':
      return customerMessage(thread, action, addresses);
    case 'customer.getStarted': {
      const ref = action.ref ?? thread.pendingRef;
      const next = { ...thread, started: true, pendingRef: null, lastUserActionAt: action.at };
      const postback = { mid: action.mid, title: 'Get Started', payload: 'GET_STARTED', ref };
      return { thread: next, webhooks: [postbackEvent(addresses, action.at, postback)] };
    }
    case 'customer.openLink':
      if (!thread.started) return { thread: { ...thread, pendingRef: action.ref }, webhooks: [] };
      return {
        thread: { ...thread, lastUserActionAt: action.at },
        webhooks: [referralEvent(addresses, action.at, action.ref)],
      };
    case 'customer.postback': {
      const { mid, title, payload } = action;
      return {
        thread: { ...thread, lastUserActionAt: action.at },
        webhooks: [postbackEvent(addresses, action.at, { mid, title, payload, ref: null })],
      };
    }
    case 'customer.read':
      return read(thread, action.at, addresses);
    case 'customer.react':
      return react(thread, action, addresses);
    case 'customer.online':
      return deliver({ ...thread, online: action.on }, action.at, addresses);
    case 'customer.block':
      return { thread: { ...thread, blocked: action.on }, webhooks: [] };
    case 'page.message':
      return pageMessage(thread, action.message, addresses);
    case 'page.seen':
      return { thread: { ...thread, messages: seenByPage(thread.messages) }, webhooks: [] };
    case 'page.typing':
      return { thread: { ...thread, typingUntil: action.until }, webhooks: [] };
  }
};

const withoutQuickReplies = (messages: ThreadMessage[]): ThreadMessage[] =>
  messages.map((message) => (message.quickReplies.length > 0 ? { ...message, quickReplies: [] } : message));

/** Whoever answers or marks as seen has read what the customer wrote. */
const seenByPage = (messages: ThreadMessage[]): ThreadMessage[] =>
  messages.map((message) => (message.from === 'customer' ? { ...message, state: 'read' } : message));

const customerMessage = (
  thread: Thread,
  action: Extract<ThreadAction, { type: 'customer.message' }>,
  addresses: Addresses,
): Step => {
  const message: ThreadMessage = {
    mid: action.mid,
    at: action.at,
    from: 'customer',
    appId: null,
    text: action.text,
    attachments: action.attachments,
    buttons: [],
    quickReplies: [],
    metadata: null,
    state: 'delivered',
    reaction: null,
  };
  const messages = [...withoutQuickReplies(thread.messages), message];
  return {
    thread: { ...thread, started: true, lastUserActionAt: action.at, messages },
    webhooks: [messageEvent(addresses, action)],
  };
};

const pageMessage = (thread: Thread, message: ThreadMessage, addresses: Addresses): Step => {
  const messages = [...seenByPage(withoutQuickReplies(thread.messages)), message];
  const sent: Thread = { ...thread, started: true, typingUntil: 0, messages };
  const delivered = deliver(sent, message.at, addresses);
  return { thread: delivered.thread, webhooks: [echoEvent(addresses, message), ...delivered.webhooks] };
};

const deliver = (thread: Thread, at: number, addresses: Addresses): Step => {
  const due = thread.messages.filter(({ from, state }) => from === 'page' && state === 'sent');
  if (!thread.online || due.length === 0) return { thread, webhooks: [] };
  const mids = due.map(({ mid }) => mid);
  const messages = thread.messages.map(
    (message): ThreadMessage => (mids.includes(message.mid) ? { ...message, state: 'delivered' } : message),
  );
  const watermark = Math.max(...due.map((message) => message.at));
  return { thread: { ...thread, messages }, webhooks: [deliveryEvent(addresses, at, { mids, watermark })] };
};

const read = (thread: Thread, at: number, addresses: Addresses): Step => {
  const reached = deliver({ ...thread, online: true }, at, addresses);
  const unread = reached.thread.messages.filter(({ from, state }) => from === 'page' && state !== 'read');
  if (unread.length === 0) return reached;
  const messages = reached.thread.messages.map(
    (message): ThreadMessage => (message.from === 'page' ? { ...message, state: 'read' } : message),
  );
  const watermark = Math.max(...unread.map((message) => message.at));
  return {
    thread: { ...reached.thread, messages },
    webhooks: [...reached.webhooks, readEvent(addresses, at, watermark)],
  };
};

const react = (
  thread: Thread,
  action: Extract<ThreadAction, { type: 'customer.react' }>,
  addresses: Addresses,
): Step => {
  const messages = thread.messages.map((message) =>
    message.mid === action.mid ? { ...message, reaction: action.emoji } : message,
  );
  return {
    thread: { ...thread, messages, lastUserActionAt: action.at },
    webhooks: [reactionEvent(addresses, action.at, { mid: action.mid, emoji: action.emoji })],
  };
};
