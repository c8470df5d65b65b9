import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { toDer } from './der.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const zeros = (length: number) => Array.from({ length }, () => 0);

test('every signature is the same in both forms, also those with zeros in front', () => {
  for (let round = 0; round < 1500; round++) {
    const message = Buffer.from(`message ${round}`);
    const signature = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    expect(verify('sha256', message, publicKey, toDer(signature))).toBe(true);
  }
});

test('numbers are as short as DER wants them, and never negative', () => {
  const half = (...last: number[]) => [...zeros(32 - last.length), ...last];
  const der = (r: number[], s: number[]) => [...toDer(Uint8Array.from([...r, ...s]))];
  expect(der(half(), half(1))).toEqual([0x30, 6, 2, 1, 0, 2, 1, 1]);
  expect(der(half(0x7f), half(0x80))).toEqual([0x30, 7, 2, 1, 0x7f, 2, 2, 0, 0x80]);
  expect(der(half(1, 0), half(0xff, 0xff))).toEqual([0x30, 9, 2, 2, 1, 0, 2, 3, 0, 0xff, 0xff]);
  const longest = Array.from({ length: 32 }, () => 0xff);
  expect(der(longest, longest)).toEqual([0x30, 70, 2, 33, 0, ...longest, 2, 33, 0, ...longest]);
});
