export type { RequestOptions } from './api/api.ts';
export { cancelCallback, requestCallback } from './callbacks/callbacks.ts';
export { type Client, type ClientOptions, createClient } from './client.ts';
export type { ConversationNews, Listen } from './conversation/emitter.ts';
export type { EventItem } from './conversation/log.ts';
export { deleteMessage, editMessage } from './conversation/revise.ts';
export type { PendingItem, TimelineItem } from './conversation/timeline.ts';
export { deleteBrowserStorage } from './environment/delete-storage.ts';
export {
  createBrowserStorage,
  defaultEnvironment,
  type Environment,
  type Page,
  type PageNews,
} from './environment/environment.ts';
export type { BrowserStorage } from './environment/indexed-db.ts';
export { type ClientStorage, createMemoryStorage } from './environment/storage.ts';
export { ContinuoError, type ContinuoErrorCode, type LocalErrorCode } from './errors.ts';
export type { Handoff, RedeemOptions } from './handoff/handoff.ts';
export type { PublicConnection } from './live/connection.ts';
export type { PendingMessage, SendExtras } from './outbox/outbox.ts';
export type { Identity } from './session/identify.ts';
export type { SessionState } from './session/session.ts';
export { safeHref } from './text/links.ts';
export { type Block, type Line, type Piece, parseMarkup, plainText } from './text/markup.ts';
