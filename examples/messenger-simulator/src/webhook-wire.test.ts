import { expect, test } from 'vitest';
import { envelope, metaJson, signature } from './webhook-wire.ts';

test('signs with HMAC-SHA256: the published answer', () => {
  expect(signature('sesame', 'hello world')).toBe(
    'f39034b29165ec6a5104d9aef27266484ab26c8caa7bca8bcb2dd02e8be61b17',
  );
});

test('escapes non-ASCII text and slashes as Meta does, and means the same', () => {
  const value = { text: 'سلام https://a.example/é 👋 "q"' };
  const json = metaJson(value);
  expect(json).toMatch(/^[ -~]*$/);
  expect(json).toContain('https:\\/\\/a.example\\/\\u00e9 \\ud83d\\udc4b');
  expect(JSON.parse(json)).toEqual(value);
});

test('a batch has several entries and an entry with several events', () => {
  const event = (pageId: string, timestamp: number) => ({
    pageId,
    messaging: { sender: { id: '1' }, recipient: { id: pageId }, timestamp },
  });
  const body: unknown = JSON.parse(envelope([event('p', 1), event('p', 2), event('p', 3), event('q', 4)], 9));
  expect(body).toMatchObject({
    object: 'page',
    entry: [
      { id: 'p', time: 9, messaging: [{ timestamp: 1 }] },
      { id: 'p', messaging: [{ timestamp: 2 }, { timestamp: 3 }] },
      { id: 'q', messaging: [{ timestamp: 4 }] },
    ],
  });
});
