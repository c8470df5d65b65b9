import type { Actor, HandoffEvent } from '@continuo/protocol';
import type { ComponentChildren } from 'preact';
import type { PlainKey } from '../i18n/catalogue.ts';
import { hrefOf } from '../state/route.ts';
import type { QuietEvent } from '../state/timeline.ts';
import { channelName } from './ChannelBadge.tsx';
import { useText } from './context.ts';
import { Text } from './Text.tsx';

interface EventLineProps<Event = QuietEvent> {
  event: Event;
  agentId: string;
}

type EventOf<Type extends QuietEvent['type']> = Extract<QuietEvent, { type: Type }>;

const isMe = (actor: Actor, agentId: string) => actor.kind === 'agent' && actor.id === agentId;

function Assigned({ event, agentId }: EventLineProps<EventOf<'assigned'>>) {
  const { t } = useText();
  const { agent, actor, reason } = event;
  const nameOf = (one: Actor) => one.name ?? t('someone');
  const byMe = isMe(actor, agentId);
  if (!agent) {
    if (reason === 'customer') return <Text of="eventQueuedCustomer" />;
    if (reason !== 'manual') return <Text of="eventQueued" />;
    return byMe ? (
      <Text of="eventQueuedByYou" />
    ) : (
      <Text of="eventQueuedManual" values={{ actor: nameOf(actor) }} />
    );
  }
  const toMe = isMe(agent, agentId);
  const name = nameOf(agent);
  if (reason === 'customer') {
    return toMe ? (
      <Text of="eventAssignedCustomerToYou" />
    ) : (
      <Text of="eventAssignedCustomer" values={{ name }} />
    );
  }
  if (reason !== 'manual') {
    return toMe ? <Text of="eventAssignedToYou" /> : <Text of="eventAssignedAuto" values={{ name }} />;
  }
  if (byMe) return toMe ? <Text of="eventYouTookIt" /> : <Text of="eventAssignedByYou" values={{ name }} />;
  const values = { actor: nameOf(actor) };
  if (toMe) return <Text of="eventAssignedToYouBy" values={values} />;
  if (actor.id === agent.id) return <Text of="eventAssignedToSelf" values={values} />;
  return <Text of="eventAssignedManual" values={{ ...values, name }} />;
}

const REFUSED: Record<NonNullable<HandoffEvent['reason']>, PlainKey> = {
  expired: 'eventHandoffRefusedExpired',
  used: 'eventHandoffRefusedUsed',
  revoked: 'eventHandoffRefusedRevoked',
};

function Handoff({ event, agentId }: EventLineProps<HandoffEvent>) {
  const text = useText();
  const channel = channelName(text, event.to);
  switch (event.step) {
    case 'offered': {
      if (event.actor.kind === 'customer') return <Text of="eventHandoffAsked" values={{ channel }} />;
      if (isMe(event.actor, agentId)) return <Text of="eventHandoffOfferedByYou" values={{ channel }} />;
      const actor = event.actor.name ?? text.t('someone');
      return <Text of="eventHandoffOffered" values={{ actor, channel }} />;
    }
    case 'peeked':
      return <Text of="eventHandoffPeeked" />;
    case 'redeemed':
      return <Text of="eventHandoffRedeemed" values={{ channel }} />;
    case 'declined':
      return <Text of="eventHandoffDeclined" />;
    case 'refused':
      return <>{text.t(event.reason ? REFUSED[event.reason] : 'eventHandoffRefused')}</>;
  }
}

function Joined({ event }: { event: EventOf<'joined'> }) {
  const { t } = useText();
  return (
    <>
      <Text of={event.direction === 'into' ? 'eventJoinedInto' : 'eventJoinedFrom'} />{' '}
      <a href={hrefOf(event.conversationId)}>{t('openOther')}</a>
    </>
  );
}

function Identified({ event }: { event: EventOf<'customer.identified'> }) {
  const { t } = useText();
  return <Text of="eventIdentified" values={{ name: event.actor.name ?? t('someone') }} />;
}

function Resolved({ event, agentId }: EventLineProps<EventOf<'case.resolved'>>) {
  const { t } = useText();
  const { actor, case: number } = event;
  if (isMe(actor, agentId)) return <Text of="eventCaseResolvedByYou" values={{ number }} />;
  return <Text of="eventCaseResolved" values={{ number, name: actor.name ?? t('someone') }} />;
}

const SCORES = ['score1', 'score2', 'score3', 'score4', 'score5'] as const;

/** What a score is called. */
export const scoreKey = (score: number): PlainKey => SCORES[score - 1] ?? 'score3';

function Rated({ event }: { event: EventOf<'case.rated'> }) {
  const { t } = useText();
  const score = t(scoreKey(event.score));
  return (
    <>
      <Text of="eventCaseRated" values={{ number: event.case, score }} />
      {event.comment && (
        <>
          {' '}
          <q dir="auto">{event.comment}</q>
        </>
      )}
    </>
  );
}

function ErasureRequested({ event }: { event: EventOf<'erasure.requested'> }) {
  const { fullTime } = useText();
  return <Text of="eventErasureRequested" values={{ time: fullTime(event.dueAt) }} />;
}

function ErasureCancelled({ event, agentId }: EventLineProps<EventOf<'erasure.cancelled'>>) {
  const { t } = useText();
  if (isMe(event.actor, agentId)) return <Text of="eventErasureCancelledByYou" />;
  return <Text of="eventErasureCancelled" values={{ name: event.actor.name ?? t('someone') }} />;
}

function Away({ event, agentId }: EventLineProps<EventOf<'assignee.away'>>) {
  const { t } = useText();
  if (isMe(event.agent, agentId)) return <Text of="eventYouAway" />;
  return <Text of="eventAway" values={{ name: event.agent.name ?? t('someone') }} />;
}

function Called({ actor }: { actor: Actor }) {
  const { t } = useText();
  return <Text of="eventCallbackDone" values={{ name: actor.name ?? t('someone') }} />;
}

function Answers({ event }: { event: EventOf<'form.answered'> }) {
  return (
    <>
      <Text of={event.form === 'message' ? 'eventMessageFormAnswered' : 'eventFormAnswered'} />
      {event.answers.map(({ name, label, value }) => (
        <span key={name} class="answer" dir="auto">
          <bdi>{label}</bdi>: <bdi class="words">{value || '—'}</bdi>
        </span>
      ))}
    </>
  );
}

/** What an event says; null for a type that this inbox does not know. */
const wordsOf = ({ event, agentId }: EventLineProps): ComponentChildren => {
  switch (event.type) {
    case 'case.opened':
      return <Text of="eventCaseOpened" values={{ number: event.case }} />;
    case 'case.resolved':
      return <Resolved event={event} agentId={agentId} />;
    case 'case.rated':
      return <Rated event={event} />;
    case 'erasure.requested':
      return <ErasureRequested event={event} />;
    case 'erasure.cancelled':
      return <ErasureCancelled event={event} agentId={agentId} />;
    case 'erased':
      return <Text of="eventErased" />;
    case 'assigned':
      return <Assigned event={event} agentId={agentId} />;
    case 'assignee.away':
      return <Away event={event} agentId={agentId} />;
    case 'assignee.choice':
      return <Text of={event.choice === 'wait' ? 'eventChoiceWait' : 'eventChoiceColleague'} />;
    case 'handoff':
      return <Handoff event={event} agentId={agentId} />;
    case 'customer.identified':
      return <Identified event={event} />;
    case 'callback.cancelled':
      return (
        <Text of={event.actor.kind === 'customer' ? 'eventCallbackTakenBack' : 'eventCallbackCancelled'} />
      );
    case 'callback.done':
      return <Called actor={event.actor} />;
    case 'form.answered':
      return <Answers event={event} />;
    case 'joined':
      return <Joined event={event} />;
    default:
      return null;
  }
};

/** Something that happened, told quietly between what was said. */
export function EventLine({ event, agentId }: EventLineProps) {
  const { time, fullTime } = useText();
  const words = wordsOf({ event, agentId });
  if (words === null) return null;
  return (
    <p class={event.type === 'case.opened' ? 'event mark-line' : 'event'}>
      <span>{words}</span>{' '}
      <time dateTime={new Date(event.at).toISOString()} title={fullTime(event.at)}>
        {time(event.at)}
      </time>
    </p>
  );
}
