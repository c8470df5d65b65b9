import type { ConversationEvent, TimelineItem } from '../../view/model.ts';

export type Rich = NonNullable<Extract<ConversationEvent, { type: 'message' }>['rich']>;
export type FormEvent = Extract<ConversationEvent, { type: 'form.answered' }>;
export type FilledIn = FormEvent['answers'];
export type Field = Extract<Rich, { kind: 'form' }>['fields'][number];
export type Option = Extract<Rich, { kind: 'replies' }>['options'][number];
export type Card = Extract<Rich, { kind: 'cards' }>['cards'][number];

/** How it stands with what a message asks. */
export interface Asked {
  /** It can be answered now. */
  active: boolean;
  /** The id of the option that was pressed. */
  chosen: string | null;
  /** What was filled in. */
  filled: FilledIn | null;
}

const asks = (rich: Rich): boolean =>
  rich.kind !== 'cards' || rich.cards.some(({ options }) => options && options.length > 0);

/** The message that can be answered now: of the last case, the newest that was not. Null for none. */
const openQuestion = (
  items: readonly TimelineItem[],
  answered: ReadonlySet<number | null>,
): number | null => {
  for (const item of [...items].reverse()) {
    if (item.seq === null) continue;
    const { event } = item;
    if (event.type === 'case.opened') return null;
    const isAsking = event.type === 'message' && event.author.kind !== 'customer' && !event.deleted;
    if (isAsking && event.rich && asks(event.rich) && !answered.has(event.seq)) return event.seq;
  }
  return null;
};

/** How it stands with what the message at `seq` asks, by the timeline. */
export const askedIn = (items: readonly TimelineItem[], seq: number): Asked => {
  const answered = new Set<number | null>();
  let chosen: string | null = null;
  let filled: FilledIn | null = null;
  for (const item of items) {
    const source = item.seq === null ? item.pending : item.event;
    if ('answer' in source && source.answer) {
      answered.add(source.answer.message);
      if (source.answer.message === seq) chosen = source.answer.option;
    }
    if (item.seq !== null && item.event.type === 'form.answered') {
      answered.add(item.event.message);
      if (item.event.message === seq) filled = item.event.answers;
    }
  }
  return { active: openQuestion(items, answered) === seq, chosen, filled };
};
