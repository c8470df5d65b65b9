export type {
  AccountEvents,
  ChannelAccount,
  ChannelAdapter,
  InboundDelivered,
  InboundEcho,
  InboundEvent,
  InboundIgnored,
  InboundMessage,
  InboundPostback,
  InboundRead,
  InboundReferral,
  NetworkContext,
  OutboundMessage,
  Profile,
  Referral,
  SendErrorCode,
  SendResult,
  SendWindow,
  Verified,
  WebhookRequest,
} from './adapter.ts';
export { ChannelError } from './channel-error.ts';
export { channelAdapters } from './registry.ts';
