import { type Attachment, FILE_TYPES } from '@continuo/protocol';

const TYPES = new Map<string, string>(Object.entries(FILE_TYPES));

/** The media type of a file by its name's ending; null where such files are not taken. */
export const mediaTypeOf = (name: string): string | null =>
  TYPES.get(/\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '') ?? null;

/** What people call a file of this media type. */
export const kindOf = (mediaType: string): Attachment['type'] => {
  const kind = mediaType.split('/')[0];
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
};

/** How programs begin: Windows, Linux, macOS (both ways round, and for several processors), scripts. */
const PROGRAMS = [
  '4d5a',
  '7f454c46',
  'feedface',
  'feedfacf',
  'cefaedfe',
  'cffaedfe',
  'cafebabe',
  '2321',
] as const;

/** How markup begins that a browser would run something in. */
const MARKUP = /^<(?:!doctype|!--|\?xml|html|head|body|svg|script|iframe|style|meta|link|object|embed)\b/i;
const OPENING = 512;

/** Whether a file that begins so is a program or a page, whatever its name says. */
export const isRefused = (beginning: Uint8Array): boolean => {
  const opening = Buffer.from(beginning.subarray(0, OPENING));
  const hex = opening.toString('hex', 0, 4);
  if (PROGRAMS.some((magic) => hex.startsWith(magic))) return true;
  // A byte order mark, and the zeros of UTF-16, hide nothing.
  const text = opening.toString('latin1').replace(/[\0\xef\xbb\xbf\xfe\xff]/g, '');
  return MARKUP.test(text.trimStart());
};

/** What turns the reading of a name around (`exe.gpj` read as `gpj.exe`), and what no file system takes. */
const UNSAFE = /[\p{Cc}/\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A name that shows what it is, and can be saved as it is. */
export const cleanName = (name: string): string => name.replace(UNSAFE, '_').trim();
