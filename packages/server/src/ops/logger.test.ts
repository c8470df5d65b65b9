import { expect, test } from 'vitest';
import { createLogger, scrub } from './logger.ts';

const TOKEN = 'q7Zr0XvT5mUe8LhJk2NwYbA4cFgDi9PsVtRoQx1ZuE0';
const SECRET = 'canary-5f2e';

const linesOf = (write: (log: ReturnType<typeof createLogger>) => void): string => {
  let lines = '';
  write(
    createLogger('debug', {
      write(line) {
        lines += line;
      },
    }),
  );
  return lines;
};

test('fields that carry secrets are not logged, at any depth', () => {
  const lines = linesOf((log) => {
    log.info({ authorization: SECRET, password: SECRET });
    log.info({ headers: { dpop: SECRET, cookie: SECRET, 'set-cookie': [SECRET] } });
    log.info({ request: { headers: { authorization: SECRET } }, channel: { config: { appSecret: SECRET } } });
    log.info({ a: { b: { c: { token: SECRET } } } });
    log.child({ pageAccessToken: SECRET }).warn('child');
  });
  expect(lines.split('\n')).toHaveLength(6);
  expect(lines).not.toContain(SECRET);
});

test.each([
  `GET https://graph.example/me?access_token=${SECRET}&fields=id`,
  `https://chat.example/c#continuo=${SECRET}`,
  `refused: Authorization: DPoP ${SECRET}`,
  `Bearer ${SECRET}=`,
  `hub.verify_token=x&hub.verify_token=${SECRET}`.replace('hub.verify_token=x&', '?hub.mode=subscribe&'),
  `{"proof":"eyJhbGciOiJFUzI1NiJ9.${SECRET}.sig"}`,
])('a secret inside longer text is taken out: %s', (text) => {
  expect(scrub(text)).not.toContain(SECRET);
  const lines = linesOf((log) => {
    log.error({ err: new Error(text) }, text);
  });
  expect(lines).toContain('"level":"error"');
  expect(lines).not.toContain(SECRET);
});

test('a token of 256 bits is taken out wherever it stands, ids are not', () => {
  expect(scrub(`peek ${TOKEN} failed`)).toBe('peek [redacted] failed');
  expect(scrub('cnv_q7Zr0XvT5mUe8LhJk2NwYb')).toBe('cnv_q7Zr0XvT5mUe8LhJk2NwYb');
});

test('each line stays JSON', () => {
  const lines = linesOf((log) =>
    log.info({ url: `/x?token=${SECRET}"`, authorization: 'DPoP abcdefghij' }, 'Bearer abcdefghij'),
  );
  expect(JSON.parse(lines)).toMatchObject({ level: 'info', msg: 'Bearer [redacted]' });
});
