import type { FILE_TYPES, Limits } from '@continuo/protocol';

/** Bytes of a file, at most. */
export const FILE_BYTES: Limits['fileBytes'] = 20_971_520;
/** Files with one message, at most. */
export const FILES_PER_MESSAGE: Limits['filesPerMessage'] = 10;

/** How the names of documents end that are taken; what is taken besides is in {@link MEDIA}. */
export const DOCUMENTS = 'pdf txt log csv rtf doc docx xls xlsx ppt pptx odt ods odp zip' satisfies string;
/** Pictures, sound, video. */
export const MEDIA =
  'jpg jpeg png gif webp avif bmp heic heif mp3 m4a aac amr flac oga ogg opus wav weba mp4 m4v mov webm 3gp' satisfies string;

/** The ending of a file's name, as the protocol's `FILE_TYPES` has it. */
export type FileEnding = keyof typeof FILE_TYPES;

/** Why a file would be refused, before a byte of it is sent; null when it is taken. */
export const fileProblem = ({
  name,
  size,
}: {
  name: string;
  size: number;
}): 'type' | 'size' | 'empty' | null => {
  const ending = /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? ' ';
  if (!`${DOCUMENTS} ${MEDIA}`.split(' ').includes(ending)) return 'type';
  if (size > FILE_BYTES) return 'size';
  return size > 0 ? null : 'empty';
};
