#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { describeFailure } from './exit.ts';
import { createProgram } from './program.ts';

const program = createProgram({
  env: process.env,
  readInput: () => text(process.stdin),
  print: (line) => console.log(line),
  printError: (line) => console.error(line),
});

try {
  await program.parseAsync();
} catch (error) {
  const { lines, exitCode } = describeFailure(error);
  for (const line of lines) console.error(line);
  process.exitCode = exitCode;
}
