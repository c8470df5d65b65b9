import { type Static, Type } from 'typebox';
import { ClientId } from './common.ts';

/**
 * Every ending of a file's name that is taken, with the media type that the file is then kept and given out as. What a
 * sender says of the type is not asked. Nothing here can run, or be markup, where it is opened as what it is called.
 */
export const FILE_TYPES = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  heic: 'image/heic',
  heif: 'image/heif',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  amr: 'audio/amr',
  flac: 'audio/flac',
  oga: 'audio/ogg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  weba: 'audio/webm',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  '3gp': 'video/3gpp',
  pdf: 'application/pdf',
  txt: 'text/plain',
  log: 'text/plain',
  csv: 'text/csv',
  rtf: 'application/rtf',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  zip: 'application/zip',
} as const;

/** `POST …/uploads` → 201 {@link Upload}. The same id with the same name and size again tells how far it is. */
export const CreateUpload = Type.Object(
  {
    /** The client's own: random, so that nobody else has it. The message names it, and the file is read by it. */
    id: ClientId,
    name: Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'Its ending is one of FILE_TYPES',
      examples: ['photo.jpg'],
    }),
    /** Bytes. */
    size: Type.Integer({ minimum: 1 }),
    /** Pixels of a picture or video. */
    width: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    height: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    /** Of a recording. */
    durationMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400_000 })),
  },
  { $id: 'CreateUpload', additionalProperties: false },
);
export type CreateUpload = Static<typeof CreateUpload>;

/** `POST …/uploads`, `GET` and `PATCH …/uploads/:fileId` → how much of a file is here. Whole when `offset` is `size`. */
export const Upload = Type.Object(
  {
    id: ClientId,
    /** Bytes that are here, durably: where the next chunk begins. */
    offset: Type.Integer({ minimum: 0 }),
    size: Type.Integer({ minimum: 1 }),
  },
  { $id: 'Upload' },
);
export type Upload = Static<typeof Upload>;
