import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import {
  badParameter,
  type GraphError,
  noHumanAgent,
  noMatchingUser,
  outsideWindow,
  unavailable,
} from './graph-error.ts';
import type { Attachment, Button, Page, QuickReply, Thread } from './types.ts';

const HOUR = 3_600_000;

/** Limits of the Send API (Meta: Send API reference, button template, quick replies, messaging policy). Lengths in UTF-16 units, the strictest reading. */
export const SEND_LIMITS = {
  textLength: 2000,
  templateTextLength: 640,
  buttons: 3,
  buttonTitleLength: 20,
  quickReplies: 13,
  quickReplyTitleLength: 20,
  payloadLength: 1000,
  metadataLength: 1000,
  standardWindowMs: 24 * HOUR,
  humanAgentWindowMs: 7 * 24 * HOUR,
} as const;

const Text = Type.String();
const SendBody = Type.Object({
  recipient: Type.Object({ id: Text }),
  messaging_type: Type.Optional(Text),
  tag: Type.Optional(Text),
  sender_action: Type.Optional(Text),
  message: Type.Optional(
    Type.Object({
      text: Type.Optional(Text),
      metadata: Type.Optional(Text),
      attachment: Type.Optional(Type.Object({ type: Text, payload: Type.Unknown() })),
      quick_replies: Type.Optional(
        Type.Array(
          Type.Object({ content_type: Text, title: Type.Optional(Text), payload: Type.Optional(Text) }),
        ),
      ),
    }),
  ),
});
type SendBody = Static<typeof SendBody>;
type MessageBody = NonNullable<SendBody['message']>;

const ButtonPayload = Type.Object({
  template_type: Type.Literal('button'),
  text: Text,
  buttons: Type.Array(
    Type.Object({
      type: Text,
      title: Text,
      url: Type.Optional(Text),
      payload: Type.Optional(Text),
    }),
  ),
});
const FilePayload = Type.Object({ url: Text });

/** What a lawful send says. */
export interface AcceptedMessage {
  kind: 'message';
  psid: string;
  text: string;
  attachments: Attachment[];
  buttons: Button[];
  quickReplies: QuickReply[];
  metadata: string | null;
}
export interface AcceptedAction {
  kind: 'action';
  psid: string;
  action: 'typing_on' | 'typing_off' | 'mark_seen';
}
export type Checked =
  | { ok: true; value: AcceptedMessage | AcceptedAction }
  | { ok: false; error: GraphError };

/** What the rules need to know. */
export interface SendFacts {
  page: Page;
  /** Epoch milliseconds. */
  now: number;
  /** The thread of this PSID with this Page; null when there is none. */
  thread: (psid: string) => Thread | null;
}

class Refusal extends Error {
  readonly error: GraphError;
  constructor(error: GraphError) {
    super(error.message);
    this.error = error;
  }
}
const refuse = (error: GraphError): never => {
  throw new Refusal(error);
};
const need = (condition: boolean, message: string): void => {
  if (!condition) refuse(badParameter(message));
};

/** Checks the body of `POST /<page>/messages` against the documented rules. Pure. */
export const checkSend = (body: unknown, facts: SendFacts): Checked => {
  try {
    if (!Value.Check(SendBody, body)) return { ok: false, error: badParameter('Invalid parameter') };
    return { ok: true, value: body.sender_action === undefined ? message(body, facts) : action(body, facts) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.error };
    throw error;
  }
};

const recipient = (body: SendBody, facts: SendFacts): Thread => {
  const thread = facts.thread(body.recipient.id);
  if (thread === null) return refuse(noMatchingUser);
  return thread.blocked ? refuse(unavailable) : thread;
};

const ACTIONS = ['typing_on', 'typing_off', 'mark_seen'] as const;

const action = (body: SendBody, facts: SendFacts): AcceptedAction => {
  need(body.message === undefined, 'Cannot send both message and state at the same time.');
  const known = ACTIONS.find((name) => name === body.sender_action);
  if (known === undefined)
    return refuse(badParameter('Param sender_action must be one of {typing_on, typing_off, mark_seen}'));
  recipient(body, facts);
  return { kind: 'action', psid: body.recipient.id, action: known };
};

const message = (body: SendBody, facts: SendFacts): AcceptedMessage => {
  if (body.message === undefined) return refuse(badParameter('The parameter message is required'));
  checkMessagingType(body);
  const content = messageContent(body.message);
  checkWindow(body, recipient(body, facts), facts);
  return { kind: 'message', psid: body.recipient.id, ...content };
};

const checkMessagingType = ({ messaging_type: type, tag }: SendBody): void => {
  need(type !== undefined, 'The parameter messaging_type is required');
  need(
    type === 'RESPONSE' || type === 'UPDATE' || type === 'MESSAGE_TAG',
    'Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}',
  );
  if (type === 'MESSAGE_TAG') {
    need(tag !== undefined, 'The parameter tag is required when messaging_type is MESSAGE_TAG');
    need(tag === 'HUMAN_AGENT', 'Param tag must be one of {HUMAN_AGENT}');
  } else {
    need(tag === undefined, 'The parameter tag requires messaging_type MESSAGE_TAG');
  }
};

const checkWindow = ({ messaging_type }: SendBody, thread: Thread, { page, now }: SendFacts): void => {
  const age = thread.lastUserActionAt === null ? Number.POSITIVE_INFINITY : now - thread.lastUserActionAt;
  if (messaging_type !== 'MESSAGE_TAG') {
    if (age > SEND_LIMITS.standardWindowMs) refuse(outsideWindow);
    return;
  }
  if (!page.humanAgent) refuse(noHumanAgent);
  if (age > SEND_LIMITS.humanAgentWindowMs) refuse(outsideWindow);
};

const messageContent = (body: MessageBody): Omit<AcceptedMessage, 'kind' | 'psid'> => {
  need(
    body.text !== undefined || body.attachment !== undefined,
    'Message cannot be empty, must provide valid attachment or text',
  );
  need(
    body.text === undefined || body.attachment === undefined,
    'Only one of text and attachment can be set',
  );
  need(
    (body.metadata?.length ?? 0) <= SEND_LIMITS.metadataLength,
    'Length of param message[metadata] must be less than or equal to 1000',
  );
  const metadata = body.metadata ?? null;
  const quickReplies = (body.quick_replies ?? []).map(quickReply);
  need(
    quickReplies.length <= SEND_LIMITS.quickReplies,
    'Param message[quick_replies] has too many elements: at most 13',
  );
  if (body.attachment !== undefined) return { ...attachment(body.attachment), quickReplies, metadata };
  const text = body.text ?? '';
  need(text.trim() !== '', 'Message cannot be empty, must provide valid attachment or text');
  need(
    text.length <= SEND_LIMITS.textLength,
    'Length of param message[text] must be less than or equal to 2000',
  );
  return { text, attachments: [], buttons: [], quickReplies, metadata };
};

const quickReply = (reply: NonNullable<MessageBody['quick_replies']>[number]): QuickReply => {
  need(reply.content_type === 'text', 'This simulator knows quick replies of content_type text only');
  const { title = '', payload = '' } = reply;
  need(
    title !== '' && title.length <= SEND_LIMITS.quickReplyTitleLength,
    'Length of quick reply title must be from 1 to 20',
  );
  need(
    payload !== '' && payload.length <= SEND_LIMITS.payloadLength,
    'Length of quick reply payload must be from 1 to 1000',
  );
  return { title, payload };
};

const FILE_TYPES = ['image', 'audio', 'video', 'file'] as const;

const attachment = ({ type, payload }: NonNullable<MessageBody['attachment']>) => {
  if (type === 'template') return template(payload);
  const fileType = FILE_TYPES.find((known) => known === type);
  if (fileType === undefined)
    return refuse(
      badParameter('Param message[attachment][type] must be one of {image, audio, video, file, template}'),
    );
  if (!Value.Check(FilePayload, payload) || !isSafeUrl(payload.url)) {
    return refuse(badParameter('Param message[attachment][payload][url] must be a valid URL'));
  }
  const file: Attachment = { type: fileType, url: payload.url, title: null, coordinates: null };
  return { text: '', attachments: [file], buttons: [] };
};

const template = (payload: unknown) => {
  if (!Value.Check(ButtonPayload, payload)) return refuse(badParameter('Invalid button template'));
  const { text, buttons } = payload;
  need(
    text.trim() !== '' && text.length <= SEND_LIMITS.templateTextLength,
    'Length of button template text must be from 1 to 640',
  );
  need(
    buttons.length >= 1 && buttons.length <= SEND_LIMITS.buttons,
    'Button template must have from 1 to 3 buttons',
  );
  return { text, attachments: [], buttons: buttons.map(button) };
};

const button = ({ type, title, url, payload }: Static<typeof ButtonPayload>['buttons'][number]): Button => {
  need(
    title !== '' && title.length <= SEND_LIMITS.buttonTitleLength,
    'Length of button title must be from 1 to 20',
  );
  if (type === 'web_url') {
    if (url === undefined || !isSafeUrl(url))
      return refuse(badParameter('Param url of a web_url button must be an https URL'));
    return { type, url, title };
  }
  need(type === 'postback', 'This simulator knows buttons of type web_url and postback only');
  if (payload === undefined || payload === '' || payload.length > SEND_LIMITS.payloadLength) {
    return refuse(badParameter('Length of button payload must be from 1 to 1000'));
  }
  return { type: 'postback', title, payload };
};

/** Meta wants https; a demo on one machine may use its own loopback. */
const isSafeUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
};

export const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
