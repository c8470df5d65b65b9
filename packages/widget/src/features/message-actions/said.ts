import { plainText } from '@continuo/core';
import { atom, type WritableAtom } from 'nanostores';
import type { Ui } from '../../panel/ui.tsx';
import type { Client, EventItem, MessageEvent, TimelineItem } from '../../view/model.ts';
import type { MessageRow } from '../../view/rows.ts';

/** Characters of a message that stand for it. */
const SHORT = 80;

/** The open menu: of which message, and what opened it. */
export interface OpenMenu {
  row: MessageRow;
  event: MessageEvent;
  opener: HTMLElement;
}

const menus = new WeakMap<Client, WritableAtom<OpenMenu | null>>();

/** The widget's one menu of a message. */
export const menuOf = ({ client }: Pick<Ui, 'client'>): WritableAtom<OpenMenu | null> => {
  const $menu = menus.get(client) ?? atom<OpenMenu | null>(null);
  menus.set(client, $menu);
  return $menu;
};

/** The message at a seq, as far as the log is known. */
export const findMessage = (
  items: readonly TimelineItem[],
  seq: number,
): (EventItem & { event: MessageEvent }) | null => {
  for (const item of items) {
    if (item.seq === seq && item.event.type === 'message') return { ...item, event: item.event };
  }
  return null;
};

/** The beginning of a message in one line. */
export const lineOf = (text: string): string => {
  const line = plainText(text).replace(/\s+/g, ' ').trim();
  // A character outside the basic plane must not be cut in two.
  return line.length > SHORT ? `${line.slice(0, SHORT).replace(/[\uD800-\uDBFF]$/, '')}…` : line;
};

/** Who wrote it, as the list says. */
export const writerOf = ({ client, i18n }: Ui, { author }: MessageEvent): string =>
  author.kind === 'customer'
    ? i18n.text('you')
    : (author.name ?? client.$channel.get()?.workspace.name ?? i18n.text('support'));

export const focusField = ({ shell }: Ui): void =>
  shell.root.querySelector<HTMLElement>('.field')?.focus({ preventScroll: true });
