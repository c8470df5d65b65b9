import { setImmediate as turn } from 'node:timers/promises';
import type { ConversationEvent, SearchHit, SearchResults } from '@continuo/protocol';
import type { Runtime } from '../runtime.ts';
import { fold } from './fold.ts';
import { snippetOf } from './snippet.ts';

/** Events read in one query. */
const PAGE = 500;
/** Events looked through for one request; whoever wants earlier ones asks again. */
const LOOKED_THROUGH = 10_000;
/** Messages in one answer. */
const HITS = 20;

export interface Search {
  conversationId: string;
  /** Nothing up to and including this seq is looked at. */
  floor: number;
  /** What is searched for, as it was typed. */
  query: string;
  /** Only what came before this seq. */
  before?: number | undefined;
}

/** Edits come after what they change, and so are met before it. */
const hitIn = (body: string, needle: string, edits: Map<number, string>): SearchHit | null => {
  if (!/"type":"message(\.edited)?"/.test(body)) return null;
  const event: ConversationEvent = JSON.parse(body);
  if (event.type === 'message.edited' && !edits.has(event.message)) edits.set(event.message, event.text);
  if (event.type !== 'message') return null;
  const { attachments } = event;
  const text = (!event.deleted && edits.get(event.seq)) || event.text;
  const words = [text, ...attachments.map(({ name }) => name)].filter(Boolean).join(' ');
  if (!fold(words).includes(needle)) return null;
  const found = snippetOf(words, needle);
  return found && { seq: event.seq, at: event.at, author: event.author, ...found };
};

/** What messages before this seq say since edits that are not looked through any more. */
const laterEdits = async (
  { store }: Pick<Runtime, 'store'>,
  conversationId: string,
  before: number,
): Promise<Map<number, string>> => {
  const edits = new Map<number, string>();
  if (before === Number.MAX_SAFE_INTEGER) return edits;
  const rows = await store.db
    .selectFrom('events')
    .select('body')
    .where('conversation_id', '=', conversationId)
    .where('type', '=', 'message.edited')
    .where('seq', '>=', before)
    .orderBy('seq')
    .execute();
  for (const { body } of rows) {
    const event: ConversationEvent = JSON.parse(body);
    if (event.type === 'message.edited') edits.set(event.message, event.text);
  }
  return edits;
};

/**
 * Messages that hold the words in their text or a file's name, the newest first. It reads through the log: a conversation has thousands of messages and
 * not millions, and an index would cost with every message that is written.
 */
export const searchConversation = async (
  rt: Pick<Runtime, 'store'>,
  { conversationId, floor, query, before = Number.MAX_SAFE_INTEGER }: Search,
): Promise<SearchResults> => {
  const needle = fold(query).trim();
  const results: SearchHit[] = [];
  if (needle === '') return { results, before: null };
  const edits = await laterEdits(rt, conversationId, before);
  let end = before;
  for (let looked = 0; looked < LOOKED_THROUGH; looked += PAGE) {
    const { bodies, more } = await rt.store.readBefore(conversationId, { before: end, floor, limit: PAGE });
    for (const body of bodies.reverse()) {
      const hit = hitIn(body, needle, edits);
      if (hit) results.push(hit);
      if (hit && results.length === HITS) return { results, before: hit.seq };
    }
    const first = bodies.at(-1);
    if (!more || first === undefined) return { results, before: null };
    const { seq }: ConversationEvent = JSON.parse(first);
    end = seq;
    // Everyone else has a turn between two pages.
    await turn();
  }
  return { results, before: end };
};
