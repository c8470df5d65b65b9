import type { ConversationEvent, MessageEvent, Rich } from '@continuo/protocol';
import type { Runtime } from '../../runtime.ts';
import type { ClientKey } from '../../storage/store.ts';
import { receiveMessage, type Stored } from '../receive.ts';
import { replyMessage } from '../reply.ts';
import { resolveCase } from '../resolve.ts';

/** The whole log. */
export const readLog = async (rt: Runtime, conversationId: string): Promise<ConversationEvent[]> =>
  ((await rt.store.readAfter(conversationId, 0, 10_000))?.bodies ?? []).map((body) => JSON.parse(body));

/** The log as a story: what happened, in order. */
export const story = async (rt: Runtime, conversationId: string): Promise<string[]> =>
  (await readLog(rt, conversationId)).map((event) => {
    if (event.type === 'message') return `${event.author.kind}: ${event.text}`;
    if (event.type === 'assigned') return `assigned ${event.agent?.id ?? 'queue'} (${event.reason})`;
    if (event.type === 'case.opened' || event.type === 'case.resolved') return `${event.type} ${event.case}`;
    if (event.type === 'assignee.choice') return `choice ${event.choice}`;
    return event.type;
  });

export const keyOf = (clientId: string, hash = 'h'): ClientKey => ({ clientId, hash });

/** The customer writes. */
export const write = (
  rt: Runtime,
  {
    conversationId,
    channel,
    text,
    key,
  }: {
    conversationId: string;
    channel: MessageEvent['channel'];
    text: string;
    key?: ClientKey;
  },
): Promise<Stored> =>
  rt.store.write((tx) =>
    receiveMessage(rt, tx, {
      conversationId,
      author: { kind: 'customer', id: 'cus_x', name: 'Alma' },
      text,
      attachments: [],
      channel,
      ...(key && { key }),
    }),
  );

/** An agent answers. */
export const reply = (
  rt: Runtime,
  {
    conversationId,
    agentId,
    text,
    key,
    rich,
  }: {
    conversationId: string;
    agentId: string;
    text: string;
    key?: ClientKey;
    rich?: Rich;
  },
): Promise<Stored> =>
  rt.store.write((tx) =>
    replyMessage(rt, tx, {
      conversationId,
      agent: { kind: 'agent', id: agentId, name: `Agent ${agentId}` },
      text,
      key: key ?? keyOf(`reply-${text}`),
      rich,
    }),
  );

export const resolve = (rt: Runtime, conversationId: string): Promise<void> =>
  rt.store.write((tx) =>
    resolveCase(rt, tx, { conversationId, actor: { kind: 'agent', id: 'agt_a', name: 'Agent agt_a' } }),
  );

export const rowOf = (rt: Runtime, conversationId: string) =>
  rt.store.db
    .selectFrom('conversations')
    .selectAll()
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow();
