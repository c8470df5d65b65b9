export {
  type Api,
  type ApiOptions,
  createApi,
  type RequestOptions,
  type Speaker,
} from '../api/api.ts';
export {
  defaultEnvironment,
  type Environment,
  type Page,
  type PageNews,
} from '../environment/environment.ts';
export { type ClientStorage, createMemoryStorage } from '../environment/storage.ts';
export { ContinuoError, type ContinuoErrorCode, type LocalErrorCode } from '../errors.ts';
export {
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
  connect,
  IDLE,
  type PublicConnection,
  publicConnection,
} from '../live/connection.ts';
export { createSseParser } from '../live/sse.ts';
export type { PendingMessage } from '../outbox/outbox.ts';
export { safeHref } from '../text/links.ts';
export { type Block, type Line, type Piece, parseMarkup, plainText } from '../text/markup.ts';
export { createConversation } from './create-conversation.ts';
export type { ConversationNews, Listen } from './emitter.ts';
export type { EventItem } from './log.ts';
export type { PendingItem, TimelineItem } from './timeline.ts';
export type {
  ConversationHandle,
  ConversationOptions,
  ConversationStores,
  ConversationView,
  Side,
  TypingSignal,
} from './types.ts';
