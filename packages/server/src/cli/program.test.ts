import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from './program.ts';

const printed: string[] = [];
const print = (line: string): void => void printed.push(line);
const program = createProgram({ env: {}, readInput: async () => '', print, printError: print });

/** Commands that do something, by what one types. */
const leaves = (command: Command, path: readonly string[] = []): [string, Command][] =>
  command.commands.length === 0
    ? [[path.join(' '), command]]
    : command.commands.flatMap((child) => leaves(child, [...path, child.name()]));

test('every command that takes more than --config says how it is used, by example', () => {
  const known = leaves(program);
  expect(known.map(([name]) => name)).toEqual(
    expect.arrayContaining(['serve', 'migrate', 'backup', 'restore', 'import', 'files check']),
  );
  for (const [name, command] of known.filter(([path]) => !path.endsWith(' list'))) {
    printed.length = 0;
    command.outputHelp();
    expect(printed.join('\n'), name).toMatch(/Examples?:\n {2}\$ (\S+=("[^"]*"|\S+) )*continuo/);
    expect(printed.join('\n'), name).toContain(`continuo ${name}`);
  }
});
