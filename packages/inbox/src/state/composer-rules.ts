import type { ChannelKind, InboxConversation, Limits } from '@continuo/protocol';

/** UTF-16 code units in one message (protocol, `LIMITS.textLength`). */
export const TEXT_LENGTH: Limits['textLength'] = 2000;

/** From here on the counter is shown. */
const COUNTER_FROM = TEXT_LENGTH - 200;

/** Where a reply would go now. `left`: milliseconds until that channel's window closes; null where it has no end. */
export type ReplyTarget =
  | { kind: 'site' }
  /** The customer is away and has nothing but the site: the reply waits there. */
  | { kind: 'siteLater' }
  | { kind: 'siteThenChannel'; channel: ChannelKind; left: number | null }
  | { kind: 'channel'; channel: ChannelKind; left: number | null }
  /** Nothing can be sent. `since` null: the window never was open. */
  | { kind: 'closed'; channel: ChannelKind; since: number | null };

type ReplyFacts = Pick<InboxConversation, 'replyTo' | 'identities'> & {
  summary: Pick<InboxConversation['summary'], 'presence'>;
};

/** Where the next reply goes, from what the server said and the time since. */
export const replyTarget = ({ replyTo, identities, summary }: ReplyFacts, now: number): ReplyTarget => {
  const { kind, state, until } = replyTo;
  const left = until === null ? null : until - now;
  if (kind !== 'web') {
    const isClosed = state === 'closed' || (left !== null && left <= 0);
    return isClosed
      ? { kind: 'closed', channel: kind, since: until }
      : { kind: 'channel', channel: kind, left };
  }
  const follower = identities
    .filter(({ channel, window }) => {
      const isOver = window.until !== null && window.until <= now;
      return channel.kind !== 'web' && window.state !== 'closed' && !isOver;
    })
    .toSorted((a, b) => (b.lastInboundAt ?? 0) - (a.lastInboundAt ?? 0))[0];
  if (follower) {
    const { channel, window } = follower;
    return { kind: 'siteThenChannel', channel: channel.kind, left: window.until && window.until - now };
  }
  return { kind: summary.presence === 'web' ? 'site' : 'siteLater' };
};

/** Whether a text can be sent, and what the counter says: characters left, negative when there are too many. */
export const checkText = (text: string): { canSend: boolean; left: number | null } => ({
  canSend: text.trim() !== '' && text.length <= TEXT_LENGTH,
  left: text.length > COUNTER_FROM ? TEXT_LENGTH - text.length : null,
});
