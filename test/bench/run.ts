/**
 * `npm run bench`: how fast and how small server and widget are, against what this machine could do at best, and against what
 * people would pick otherwise. Prints a table and writes `.cache/bench.json`. How to read it: docs/benchmarks.md.
 *
 * `--markdown` prints the table for a page, `--quick` measures shorter, `--only=latency,idle` only some of it.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import { openPostgres } from './postgres.ts';
import { toMarkdown, toText } from './report/report.ts';
import type { Results } from './results.ts';
import { type Run, SECTIONS, type SectionName } from './sections.ts';

const ROOT = join(import.meta.dirname, '../..');
const LIMIT_MS = 540_000;

const { values: options } = parseArgs({
  options: {
    markdown: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});

const isSection = (name: string): name is SectionName => Object.hasOwn(SECTIONS, name);
const wanted = options.only?.split(',') ?? Object.keys(SECTIONS);
const unknown = wanted.filter((name) => !isSection(name));
if (unknown.length > 0) {
  process.stderr.write(`--only knows ${Object.keys(SECTIONS).join(', ')}, not ${unknown.join(', ')}\n`);
  process.exit(2);
}
if (!existsSync(join(ROOT, 'packages/server/dist/index.js'))) {
  process.stderr.write('The server is measured as it is built: run `npm run build` first.\n');
  process.exit(2);
}

const start = performance.now();
const results: Results = {
  machine: describeMachine(),
  latency: [],
  messages: [],
  appends: [],
  fanOut: [],
  catchUp: null,
  idle: [],
  nodes: [],
  opening: [],
  longOpenings: [],
  arrivals: [],
  hostPages: [],
  notMeasured: [],
};

const report = async (): Promise<void> => {
  results.machine.loadAfter = loadavg()[0] ?? 0;
  results.machine.seconds = (performance.now() - start) / 1000;
  await mkdir(join(ROOT, '.cache'), { recursive: true });
  await writeFile(join(ROOT, '.cache/bench.json'), `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(`${options.markdown ? toMarkdown(results) : toText(results)}\n`);
};

const postgres = await openPostgres(process.env);
results.machine.versions.PostgreSQL = postgres.version;
if (!postgres.durable)
  results.notMeasured.push('PostgreSQL does not sync at commit here: its figures are not of durable work');

const finish = async (code: number): Promise<never> => {
  await report();
  await postgres.close();
  process.exit(code);
};

const say = (what: string): void =>
  void process.stderr.write(`${((performance.now() - start) / 1000).toFixed(0).padStart(3)} s  ${what} …\n`);

let now = '';
// What was started ends with this process: every program holds on to its parent.
setTimeout(() => {
  results.notMeasured.push(`after ${LIMIT_MS / 1000} s the run was stopped, at: ${now}`);
  void finish(1);
}, LIMIT_MS);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    results.notMeasured.push(`it was stopped (${signal}), at: ${now}`);
    void finish(1);
  });

const run: Run = { postgres, results, quick: options.quick, say };
let failed = false;
for (const name of wanted.filter(isSection)) {
  now = name;
  say(name);
  try {
    await SECTIONS[name](run);
  } catch (error) {
    failed = true;
    results.notMeasured.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
}
await finish(failed ? 1 : 0);
