import type { Attachment } from '@continuo/protocol';
import type { AttachmentBody } from './webhook.ts';

const isKnown = (type: string): type is Exclude<Attachment['type'], 'other'> =>
  ['image', 'audio', 'video', 'file', 'location'].includes(type);

const webUrl = (url: string | null | undefined): string | null =>
  url && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : null;

const toAttachment = ({ type, title, url, payload }: AttachmentBody): Attachment => {
  const place = payload?.coordinates ? `${payload.coordinates.lat}, ${payload.coordinates.long}` : null;
  return {
    // Shared posts and links (`fallback`), templates and whatever Meta adds.
    type: isKnown(type) ? type : 'other',
    url: webUrl(payload?.url) ?? webUrl(url),
    name: title ?? payload?.title ?? place,
  };
};

/** The files of a message. What has neither text nor files (an unsupported kind) is shown as something that came. */
export const attachmentsOf = (message: {
  text?: string;
  attachments?: readonly AttachmentBody[];
}): Attachment[] => {
  const attachments = (message.attachments ?? []).map(toAttachment);
  const empty = attachments.length === 0 && !message.text;
  return empty ? [{ type: 'other', url: null, name: null }] : attachments;
};
