import { atom, type ReadableAtom } from 'nanostores';
import type { PlainKey } from '../i18n/catalogue.ts';
import { codeOf, errorText } from './errors.ts';

/** Something that went wrong with what the agent just did. */
export interface Notice {
  id: number;
  text: PlainKey;
}

export interface Notices {
  $notice: ReadableAtom<Notice | null>;
  failed(cause: unknown): void;
  dismiss(): void;
}

export const createNotices = (): Notices => {
  const $notice = atom<Notice | null>(null);
  let id = 0;
  return {
    $notice,
    failed(cause) {
      id += 1;
      $notice.set({ id, text: errorText(codeOf(cause)) });
    },
    dismiss: () => $notice.set(null),
  };
};
