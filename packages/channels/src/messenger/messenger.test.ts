import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { describeAdapter } from '../adapter-suite.ts';
import { messenger } from './messenger.ts';

const config = {
  pageId: '7001',
  pageAccessToken: 'EAAG-secret-token',
  appSecret: 'sesame',
  verifyToken: 'open the door',
  pageUsername: 'nimbus.air',
};

const body = new TextEncoder().encode(
  JSON.stringify({
    object: 'page',
    entry: [
      {
        id: '7001',
        time: 1_790_000_000_100,
        messaging: [
          {
            sender: { id: '24' },
            recipient: { id: '7001' },
            timestamp: 1_790_000_000_000,
            message: { mid: 'm_1', text: 'My flight was cancelled' },
          },
          {
            sender: { id: '24' },
            recipient: { id: '7001' },
            timestamp: 1_790_000_000_001,
            app_horoscope: { sign: 'leo' },
          },
        ],
      },
    ],
  }),
);

const sign = (bytes: Uint8Array) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', config.appSecret).update(bytes).digest('hex')}`,
});

describeAdapter({
  adapter: messenger,
  config,
  otherConfig: { ...config, pageId: '7002', appSecret: 'another' },
  secrets: [config.pageAccessToken, config.appSecret, config.verifyToken],
  requiredKey: 'pageAccessToken',
  body,
  sign,
  accepted: () => Response.json({ recipient_id: '24', message_id: 'm_99' }),
});

test('the deep link leads into the thread', () => {
  expect(messenger.account(config).deepLink('abc')).toBe('https://m.me/nimbus.air?ref=abc');
});

test('an unknown key in a configuration is an error: it is a typing mistake', () => {
  expect(() => messenger.account({ ...config, pageAcessToken: 'x' })).toThrow('pageAcessToken');
});
