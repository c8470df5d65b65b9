import type { ChannelAdapter } from '../adapter.ts';
import { parseConfig } from '../parse-config.ts';
import { MessengerConfig } from './config.ts';
import { deepLink } from './deep-link.ts';
import { QUICK_REPLIES, TEXT_LENGTH } from './limits.ts';
import { accounts, parse } from './parse.ts';
import { fetchProfile } from './profile.ts';
import { send } from './send.ts';
import { verify } from './verify.ts';
import { windowAt } from './window.ts';

/** Facebook Messenger, for a Page. */
export const messenger: ChannelAdapter = {
  kind: 'messenger',
  apiUrl: 'https://graph.facebook.com/v25.0',
  textLength: TEXT_LENGTH,
  choices: QUICK_REPLIES,
  configSchema: MessengerConfig,
  account(given) {
    const config = parseConfig(MessengerConfig, given);
    return {
      accountId: config.pageId,
      verify: (request) => verify(request, config),
      send: (message, context) => send(message, { ...context, config }),
      profile: (externalId, context) => fetchProfile(externalId, { ...context, config }),
      deepLink: (ref) => deepLink(config, ref),
    };
  },
  accounts,
  parse,
  window: windowAt,
};
