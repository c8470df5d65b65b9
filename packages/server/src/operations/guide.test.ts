import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProgram } from '../cli/program.ts';
import { ConfigSchema } from '../config/config.ts';
import { variableOf } from '../config/load.ts';
import { createMetrics } from '../ops/metrics.ts';

/** The guide for those who grow: what it names has to exist. */
const guide = readFileSync(new URL('../../../../docs/scale.md', import.meta.url), 'utf8');

const named = (pattern: RegExp): string[] => [
  ...new Set([...guide.matchAll(pattern)].map(([whole, name]) => name ?? whole)),
];

test('every metric in the guide is one of the server', async () => {
  const metrics = createMetrics();
  const text = await metrics.text();
  const source = readFileSync(new URL('../ops/metrics.ts', import.meta.url), 'utf8');
  const names = named(/`((?:continuo|nodejs|process)_[a-z0-9_]+)/g);
  expect(names.length).toBeGreaterThan(10);
  // Gauges are made by whoever reads them, so they are looked for in the list of names.
  for (const name of names) expect(text.includes(name) || source.includes(`  ${name}: {`), name).toBe(true);
});

test('every variable and command in the guide exists', () => {
  const variables = Object.keys(ConfigSchema.properties).map(variableOf);
  const used = named(/\bCONTINUO_[A-Z_]+\b/g);
  expect(used.length).toBeGreaterThan(3);
  for (const name of used) expect(variables).toContain(name);
  const world = { env: {}, readInput: async () => '', print: () => {}, printError: () => {} };
  const commands = createProgram(world).commands.map((command) => command.name());
  const called = named(/(?:^|`|…) ?continuo ([a-z]+)/gm);
  expect(called.length).toBeGreaterThan(4);
  for (const name of called) expect(commands).toContain(name);
});
