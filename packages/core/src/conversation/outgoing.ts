import type { SentMessage } from '@continuo/protocol';
import type { PendingMessage } from '../outbox/outbox.ts';
import type { Context } from './context.ts';
import { advance, receive } from './incoming.ts';
import type { ConversationView } from './types.ts';

/** Sends small news. A lost one is made up for by the next. */
export const tell = async ({ api, path }: Context<unknown>, what: string, json: unknown): Promise<void> => {
  if (path) await api.post(`${path}/${what}`, json, { keepalive: true });
};

export const isVisible = ({ isWanted, page }: Context<unknown>): boolean => isWanted && page.isVisible();

/** Everything known has reached this device, in sight of a person. */
export const markReceived = (context: Context<unknown>): void => {
  if (context.self === 'customer' && isVisible(context))
    context.receipts.advance({ received: context.log.last });
};

/** Another tab that is visible takes the stream over within this time, and then this tab has nothing to say. */
const HANDOVER_MS = 1000;

/** The tab with the stream speaks for all: a visible tab takes it from a hidden one. */
export const showPresence = (context: Context<unknown>): void => {
  const { self, live, tabs, presenceTimer } = context;
  const say = () => {
    if (self === 'customer' && !live.isFollowing())
      tell(context, 'presence', { visible: isVisible(context) }).catch(() => {});
  };
  live.show();
  presenceTimer();
  if (tabs && !isVisible(context)) presenceTimer(say, HANDOVER_MS);
  else say();
  markReceived(context);
};

/** Everything known was seen. */
export const markRead = <View>(context: Context<View>): void => {
  const { self, log, $positions, receipts } = context;
  const read = log.last;
  if (read <= $positions.get()[`${self}Read`] || !isVisible(context)) return;
  advance(context, { [`${self}Read`]: read });
  receipts.advance({ read });
};

/** Sends one message, and has it in the log. */
export const deliver = async <View extends ConversationView>(
  context: Context<View>,
  { clientId, text, attachments, replyTo, answer, rich }: PendingMessage,
): Promise<void> => {
  const { api, prepare, outbox, live } = context;
  const post = async () => {
    await prepare?.();
    const { path } = context;
    const { event } = await api.post<SentMessage>(
      `${path}/messages`,
      { clientId, text, files: attachments?.map(({ id }) => id), replyTo, answer, rich },
      { keepalive: true },
    );
    // Whatever kept the stream away is over.
    live.wake(true);
    if (path === context.path) receive(context, [event]);
    if (path !== context.path || event.seq <= context.log.last) {
      outbox.confirm([clientId]);
    }
  };
  await post().catch((error) => {
    // Where a session can be opened again, the message deserves it.
    if (prepare && (error.code === 'session_ended' || error.code === 'unauthorized')) return post();
    throw error;
  });
};
