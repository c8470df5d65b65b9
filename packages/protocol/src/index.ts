export {
  CaseList,
  CustomerExport,
  EndCase,
  Erasure,
  MailTranscript,
  PastCase,
  RateCase,
  SearchHit,
  SearchResults,
} from './afterwards-api.ts';
export {
  Actor,
  AgentProfile,
  Attachment,
  ChannelKind,
  ClientId,
  DeliveryState,
  Id,
  LinkToken,
  Seq,
  Time,
} from './common.ts';
export {
  Choice,
  Conversation,
  EditedMessage,
  EditMessage,
  HandoffPeek,
  HandoffToken,
  HistoryPage,
  OpenSession,
  Presence,
  Receipts,
  RedeemHandoff,
  SendMessage,
  SentMessage,
  Session,
  SessionState,
  Typing,
  WebChannel,
} from './customer-api.ts';
export { ERRORS, type ErrorCode, PROBLEM_BASE, Problem } from './errors.ts';
export {
  AssignedEvent,
  AssigneeAwayEvent,
  CaseOpenedEvent,
  CaseRatedEvent,
  CaseResolvedEvent,
  ChoiceEvent,
  ConversationEvent,
  ErasedEvent,
  ErasureCancelledEvent,
  ErasureRequestedEvent,
  type EventDraft,
  type EventType,
  HandoffEvent,
  HiddenEvent,
  JoinedEvent,
  MessageChannel,
  MessageDeletedEvent,
  MessageEditedEvent,
  MessageEvent,
} from './events.ts';
export { CreateUpload, FILE_TYPES, Upload } from './files.ts';
export {
  AgentList,
  Assign,
  ConversationSummary,
  IdentityView,
  InboxConversation,
  InboxList,
  InboxSignal,
  Me,
  OfferedHandoff,
  OfferHandoff,
  SetPresence,
} from './inbox-api.ts';
export { LIMITS, type Limits } from './limits.ts';
export { fromOffset, toOffset } from './offset.ts';
export { CustomerPresence, Delivery, Positions, Signal } from './signals.ts';
export { PROTOCOL_VERSION, type ProtocolVersion, VERSION_HEADER } from './version.ts';
