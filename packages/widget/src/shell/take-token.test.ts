import { expect, test } from 'vitest';
import { takeToken } from './take-token.ts';

const TOKEN = 'a-_9'.repeat(11).slice(0, 43);

test.each([
  [`#continuo=${TOKEN}`, false, TOKEN],
  [`#continuo=${TOKEN}&utm_source=mail`, false, TOKEN],
  [`#${TOKEN}`, true, TOKEN],
  [`#continuo=${TOKEN}`, true, TOKEN],
  [`#${TOKEN}`, false, undefined],
  [`#continuo=${TOKEN}x`, false, undefined],
  [`#continuo=${TOKEN.slice(1)}`, true, undefined],
  [`#section?continuo=${TOKEN}`, false, undefined],
  ['', true, undefined],
])('%s (bare: %s)', (hash, bare, token) => {
  history.replaceState(null, '', `/${hash}`);
  expect(takeToken(bare)).toBe(token);
});

test('leaves the address with its path, query and state, and without the token', () => {
  history.replaceState({ page: 7 }, '', `/shoes?size=42#continuo=${TOKEN}`);
  expect(takeToken(false)).toBe(TOKEN);
  expect(location.href).toMatch(/\/shoes\?size=42$/);
  expect(history.state).toEqual({ page: 7 });
});

test('leaves any other fragment alone', () => {
  history.replaceState(null, '', '/shoes#reviews');
  expect(takeToken(false)).toBeUndefined();
  expect(location.hash).toBe('#reviews');
});
