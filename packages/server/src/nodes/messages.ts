import { Id, Positions, Seq } from '@continuo/protocol';
import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';

const Ids = Type.Array(Id);

/** Everything that nodes say to each other. Ids and small signals only: whoever needs more reads the rows. */
const SCHEMAS = {
  /** I am new, or may have missed something: tell me who is connected to you. */
  hello: Type.Object({ type: Type.Literal('hello') }),
  /** I live. */
  alive: Type.Object({ type: Type.Literal('alive') }),
  /** I am about to stop; those connected to me are on their way to others. */
  bye: Type.Object({ type: Type.Literal('bye') }),
  /** A part of everything that is connected to me, for one node. With the last part, what was known before is replaced. */
  state: Type.Object({
    type: Type.Literal('state'),
    to: Type.String(),
    web: Ids,
    hidden: Ids,
    agents: Type.Array(Type.Object({ workspaceId: Id, agentId: Id })),
    last: Type.Boolean(),
  }),
  present: Type.Object({ type: Type.Literal('present'), conversationId: Id, web: Type.Boolean() }),
  visible: Type.Object({
    type: Type.Literal('visible'),
    conversationId: Id,
    sessionId: Id,
    visible: Type.Boolean(),
  }),
  'agent-connected': Type.Object({
    type: Type.Literal('agent-connected'),
    workspaceId: Id,
    agentId: Id,
    connected: Type.Boolean(),
  }),
  'agent-changed': Type.Object({ type: Type.Literal('agent-changed'), agentId: Id }),
  'session-ended': Type.Object({ type: Type.Literal('session-ended'), sessionId: Id }),
  announce: Type.Object({ type: Type.Literal('announce'), conversationIds: Ids }),
  queue: Type.Object({ type: Type.Literal('queue'), workspaceId: Id }),
  /** `agentId` null: the customer. */
  typing: Type.Object({
    type: Type.Literal('typing'),
    conversationId: Id,
    agentId: Type.Union([Id, Type.Null()]),
    on: Type.Boolean(),
  }),
  'inbox-typing': Type.Object({
    type: Type.Literal('inbox-typing'),
    workspaceId: Id,
    conversationId: Id,
    from: Type.Union([Type.Literal('customer'), Type.Literal('agent')]),
    agentId: Type.Union([Id, Type.Null()]),
    on: Type.Boolean(),
  }),
  positions: Type.Object({ type: Type.Literal('positions'), conversationId: Id, positions: Positions }),
  assignee: Type.Object({ type: Type.Literal('assignee'), conversationId: Id }),
  delivery: Type.Object({ type: Type.Literal('delivery'), conversationId: Id, deliveryId: Id }),
  /** Said by the database with a commit: conversation, first and last seq of what was appended. */
  appended: Type.Object({
    type: Type.Literal('appended'),
    pointers: Type.Array(Type.Tuple([Id, Seq, Seq])),
  }),
};

type Schemas = typeof SCHEMAS;
export type NodeMessage = { [Name in keyof Schemas]: Static<Schemas[Name]> }[keyof Schemas];
export type NodeMessageOf<Name extends NodeMessage['type']> = Extract<NodeMessage, { type: Name }>;

const checks = new Map(Object.entries(SCHEMAS).map(([name, schema]) => [name, Compile<TSchema>(schema)]));

const isNodeMessage = (message: object & { type: string }): message is NodeMessage =>
  checks.get(message.type)?.Check(message) ?? false;

const hasType = (message: unknown): message is object & { type: string } =>
  typeof message === 'object' && message !== null && 'type' in message && typeof message.type === 'string';

/** What another node said; null for what is not understood: a newer node may say more than this one knows. */
export const parseNodeMessage = (message: unknown): NodeMessage | null =>
  hasType(message) && isNodeMessage(message) ? message : null;
