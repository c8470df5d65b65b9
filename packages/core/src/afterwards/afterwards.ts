import type {
  AnswerForm,
  CaseList,
  ConversationEvent,
  CustomerExport,
  Erasure,
  HistoryPage,
  MailTranscript,
  PastCase,
  RateCase,
  SearchResults,
} from '@continuo/protocol';
import type { Client } from '../client.ts';

/*
 * What comes before and after a conversation. Apart from the client, so that whoever does not use it does not load it. Each rejects
 * with a ContinuoError.
 */

type Asking = Pick<Client, 'request'>;

/** Says how a resolved case went, 1 to 5; the newest counts. Rejects with `conflict` 7 days after it was resolved. */
export const rateCase = ({ request }: Asking, rating: RateCase): Promise<void> =>
  request('post', 'rating', { json: rating });

/** Keeps what was filled in. The same `clientId` again keeps it once; with something else it rejects with `client_id_conflict`. */
export const answerForm = async ({ request }: Asking, answered: AnswerForm): Promise<void> => {
  await request('post', 'forms', { json: answered });
};

/** Ends the chat: resolves this case, if it is the open one. */
export const endCase = ({ request }: Asking, number: number): Promise<void> =>
  request('post', 'resolve', { json: { case: number } });

/**
 * Messages that hold these words, the newest first.
 *
 * @param before - What the page before gave as `before`.
 */
export const searchConversation = (
  { request }: Asking,
  query: string,
  before?: number | null,
): Promise<SearchResults> =>
  request('get', 'search', { search: { q: query, ...(before && { before: `${before}` }) }, retry: 1 });

/** The cases that this device may see, the newest first. */
export const listCases = async ({ request }: Asking): Promise<PastCase[]> =>
  (await request<CaseList>('get', 'cases', { retry: 1 })).cases;

/** Everything that is held of this customer and that this device may see. */
export const exportData = ({ request }: Asking): Promise<CustomerExport> => request('get', 'export');

/** Has everything of this customer erased, at the time that it resolves with (epoch ms): a day from now. */
export const requestErasure = async ({ request }: Asking): Promise<number> =>
  (await request<Erasure>('post', 'erase')).dueAt;

/** Takes that back. Rejects with `conflict` once it is due. */
export const cancelErasure = ({ request }: Asking): Promise<void> => request('delete', 'erase');

/**
 * Has the conversation sent by e-mail. Rejects with `conflict` where the channel's `transcriptByMail` is not true or no agent
 * has answered yet, and with `rate_limited` after three in a day.
 */
export const mailTranscript = async ({ request }: Asking, to: MailTranscript): Promise<void> => {
  await request('post', 'transcript', { json: to });
};

/**
 * Every event that this device may see, oldest first, read anew from the server.
 *
 * @param onPage - Told how many there are so far.
 */
export const readAllEvents = async (
  { request }: Asking,
  onPage?: (count: number) => void,
): Promise<ConversationEvent[]> => {
  const pages: ConversationEvent[][] = [];
  let count = 0;
  for (let before: number | undefined, more = true; more; ) {
    const page: HistoryPage = await request('get', 'history', {
      retry: 2,
      ...(before !== undefined && { search: { before: `${before}` } }),
    });
    const [first] = page.events;
    if (!first) break;
    pages.unshift(page.events);
    count += page.events.length;
    before = first.seq;
    more = page.more;
    onPage?.(count);
  }
  return pages.flat();
};
