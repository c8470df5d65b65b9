import { expect, test } from 'vitest';
import { maskName } from './mask-name.ts';

test.each([
  ['Amina', 'A•••a'],
  ['  Amina Haddad ', 'A•••d'],
  ['Al', 'A•••'],
  ['A', 'A•••'],
  ['', '•••'],
  ['   ', '•••'],
  [null, '•••'],
  ['أمينة', 'أ•••ة'],
  // A base with its marks is one letter: the first would fall apart by code units.
  ['क्षितिज', 'क्षि•••ज'],
  ['مُحَمَّد', 'مُ•••د'],
  ['👩‍👩‍👧 Family 👨‍👩‍👦', '👩‍👩‍👧•••👨‍👩‍👦'],
])('%j is shown as %j', (name, masked) => {
  expect(maskName(name)).toBe(masked);
});
