/** Checks every published package as a stranger would find it: publint, attw, and an import of each entry in Node, which has no `window` to touch. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PUBLISHED = ['protocol', 'core', 'channels', 'widget', 'inbox', 'server'];
const root = join(import.meta.dirname, '../..');
const bin = (name: string) => join(root, 'node_modules/.bin', name);

interface Manifest {
  name: string;
  exports: Record<string, unknown>;
}

const entriesOf = (manifest: Manifest) =>
  Object.keys(manifest.exports).filter((entry) => entry !== './package.json' && !entry.includes('*'));

const run = (command: string, args: string[], cwd: string) => {
  try {
    return { ok: true, output: execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' }) };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return { ok: false, output: `${stdout}${stderr}` };
  }
};

const failures: string[] = [];
const check = (what: string, result: { ok: boolean; output: string }) => {
  process.stdout.write(`${result.ok ? 'ok  ' : 'FAIL'} ${what}\n`);
  if (!result.ok) failures.push(`${what}\n${result.output}`);
};

for (const name of PUBLISHED) {
  const folder = join(root, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  check(`${manifest.name}: publint`, run(bin('publint'), ['run', '--strict', folder], root));
  const entries = entriesOf(manifest);
  if (entries.length > 0) {
    check(
      `${manifest.name}: attw`,
      run(bin('attw'), ['--pack', folder, '--profile', 'esm-only', '--no-emoji'], root),
    );
  }
  for (const entry of entries) {
    const specifier = manifest.name + entry.slice(1);
    const script = `await import(${JSON.stringify(specifier)});`;
    check(
      `${specifier}: imports in Node`,
      run(process.execPath, ['--input-type=module', '-e', script], folder),
    );
  }
}

if (failures.length > 0) {
  process.stderr.write(`\n${failures.join('\n\n')}\n`);
  process.exit(1);
}
