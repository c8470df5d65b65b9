import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { NetworkContext, OutboundMessage, SendResult } from '../adapter.ts';
import type { MessengerConfig } from './config.ts';
import { readRefusal, readThrown } from './errors.ts';
import { BUTTON_TEXT_LENGTH, PAYLOAD_LENGTH, QUICK_REPLIES, TEXT_LENGTH, TITLE_LENGTH } from './limits.ts';

const Sent = Type.Object({ message_id: Type.String({ minLength: 1 }) });

/** A title that fits; what is cut off is shown as cut. */
const toTitle = (title: string): string => {
  if (title.length <= TITLE_LENGTH) return title;
  // A character outside the basic plane must not be cut in two.
  return `${title.slice(0, TITLE_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
};

/** Why Meta would refuse it, or null. */
const problemOf = ({ text, link, choices = [] }: OutboundMessage): string | null => {
  const longest = link ? BUTTON_TEXT_LENGTH : TEXT_LENGTH;
  if (text.trim() === '') return 'The text is empty';
  if (text.length > longest) return `The text is longer than ${longest} characters`;
  if (choices.length > QUICK_REPLIES) return `There are more than ${QUICK_REPLIES} choices`;
  if (choices.some(({ payload }) => payload.length > PAYLOAD_LENGTH)) return "A choice's payload is too long";
  return null;
};

const toMessage = ({ text, link, choices = [], metadata }: OutboundMessage) => ({
  ...(link
    ? {
        attachment: {
          type: 'template',
          payload: {
            template_type: 'button',
            text,
            buttons: [{ type: 'web_url', url: link.url, title: toTitle(link.title) }],
          },
        },
      }
    : { text }),
  ...(choices.length > 0 && {
    quick_replies: choices.map(({ title, payload }) => ({
      content_type: 'text',
      title: toTitle(title),
      payload,
    })),
  }),
  metadata,
});

/** The request's body (Meta, Send API reference). Within the 7 days for people it must carry the tag. */
const toBody = (message: OutboundMessage) => ({
  recipient: { id: message.to },
  ...(message.window.state === 'human_agent'
    ? { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
    : { messaging_type: 'RESPONSE' }),
  message: toMessage(message),
});

const failed = (code: 'window_closed' | 'rejected' | 'network', message: string): SendResult => ({
  outcome: 'failed',
  error: { code, message },
  retry: code === 'network',
});

const readAnswer = async (response: Response): Promise<SendResult> => {
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) return readRefusal(response, body);
  if (Value.Check(Sent, body)) return { outcome: 'sent', messageId: body.message_id };
  return { outcome: 'unknown', message: 'The network answered without a message id' };
};

/**
 * `POST /<PAGE_ID>/messages` (Meta, Send API reference). The token goes into a header, never into the URL, which logs
 * keep. What Meta would refuse is not sent at all.
 */
export const send = async (
  message: OutboundMessage,
  { config, apiUrl, fetch, signal }: NetworkContext & { config: MessengerConfig },
): Promise<SendResult> => {
  if (message.window.state === 'closed') return failed('window_closed', 'The window is closed');
  const problem = problemOf(message);
  if (problem !== null) return failed('rejected', problem);
  if (signal.aborted) return failed('network', 'It was stopped before it was sent');
  try {
    const response = await fetch(`${apiUrl}/${config.pageId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${config.pageAccessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(toBody(message)),
      // The token and the message go to the configured address and nowhere else.
      redirect: 'manual',
      signal,
    });
    return await readAnswer(response);
  } catch (error) {
    return readThrown(error);
  }
};
