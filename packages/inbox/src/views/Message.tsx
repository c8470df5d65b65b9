import type { MessageEvent } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import type { Desk } from '../state/desk.ts';
import { fateOf, needsCare, placeOf } from '../state/fate.ts';
import type { Thread } from '../state/thread.ts';
import type { Quote, TimelineRow } from '../state/timeline.ts';
import { Attachments } from './Attachments.tsx';
import { ChannelBadge } from './ChannelBadge.tsx';
import { useText } from './context.ts';
import { DeliveryLine } from './DeliveryLine.tsx';
import { Paragraphs } from './Paragraphs.tsx';

interface MessageProps {
  row: Extract<TimelineRow, { kind: 'message' }>;
  desk: Desk;
  thread: Thread;
  agentId: string;
}

/** Where a message was said, when, and what became of one of ours: at the end of a run, and wherever something is amiss. */
function Meta({ row, desk, thread }: Omit<MessageProps, 'agentId'>) {
  const { time, fullTime } = useText();
  const { event, last } = row;
  const delivery = useStore(thread.$deliveries)[event.seq];
  const positions = useStore(thread.conversation.$positions);
  const isOurs = event.author.kind !== 'customer';
  const fate = fateOf(event.seq, delivery, positions);
  const place = placeOf(event, delivery);
  const isTold = isOurs && (last || needsCare(fate) || fate.kind === 'held');
  return (
    <div class="meta">
      {last && (
        <>
          <ChannelBadge kind={place.kind} name={place.name} />
          <time dateTime={new Date(event.at).toISOString()} title={fullTime(event.at)}>
            {time(event.at)}
          </time>
        </>
      )}
      {isTold && <DeliveryLine fate={fate} desk={desk} conversationId={thread.id} />}
    </div>
  );
}

const classOf = (row: MessageProps['row'], isOurs: boolean) =>
  ['message', isOurs ? 'ours' : 'theirs', row.first && 'first', row.last && 'last'].filter(Boolean).join(' ');

const nameOf = ({ author }: MessageEvent, agentId: string, you: string) =>
  author.kind === 'agent' && author.id === agentId ? you : author.name;

/** What a message answers, in one line. */
function Quoted({ quote, agentId }: { quote: Quote; agentId: string }) {
  const { t } = useText();
  const { author, text } = quote;
  if (!author) return <p class="quote">{t('quotedEarlier')}</p>;
  const name =
    author.kind === 'agent' && author.id === agentId
      ? t('you')
      : (author.name ?? t(author.kind === 'customer' ? 'unnamedCustomer' : 'someone'));
  return (
    <blockquote class="quote" aria-label={t('answers', { name })}>
      <bdi class="quote-name">{name}</bdi>
      <span dir="auto">{text || t('messageDeleted')}</span>
    </blockquote>
  );
}

/** What the message says now, or that it is gone; once it was edited, what it said at first. */
function Said({ row, thread, agentId }: Pick<MessageProps, 'row' | 'thread' | 'agentId'>) {
  const { t } = useText();
  const { event, text, quote } = row;
  if (event.deleted) return <p class="gone">{t('messageDeleted')}</p>;
  return (
    <>
      {quote && <Quoted quote={quote} agentId={agentId} />}
      {text !== '' && <Paragraphs text={text} />}
      <Attachments attachments={event.attachments} thread={thread} />
      {text !== event.text && (
        <details class="edited">
          <summary>{t('edited')}</summary>
          <Paragraphs text={event.text} />
        </details>
      )}
    </>
  );
}

/** What someone said, with where they said it and what became of it. */
export function Message({ row, desk, thread, agentId }: MessageProps) {
  const { t, time } = useText();
  const { event } = row;
  const isOurs = event.author.kind !== 'customer';
  const isMine = event.author.kind === 'agent' && event.author.id === agentId;
  const name = nameOf(event, agentId, t('you')) ?? t(isOurs ? 'someone' : 'unnamedCustomer');
  return (
    <article
      class={classOf(row, isOurs)}
      aria-label={t('listSeparator', { first: name, second: time(event.at) })}
    >
      {row.first && isOurs && !isMine && (
        <p class="author">
          <bdi>{name}</bdi>
        </p>
      )}
      <div class="bubble">
        <Said row={row} thread={thread} agentId={agentId} />
      </div>
      <Meta row={row} desk={desk} thread={thread} />
    </article>
  );
}
