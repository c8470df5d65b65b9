import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test } from 'vitest';
import { describeFailure } from './exit.ts';
import { createProgram } from './program.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'continuo-cli-'));
const dataDir = join(folder, 'data');
/** Milliseconds for a test that starts processes, on a machine that is busy. */
const SLOW = 120_000;

const children = new Set<ChildProcessWithoutNullStreams>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (args: string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams => {
  const child = spawn(process.execPath, ['--conditions=source', MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, CONTINUO_DATA_DIR: dataDir, CONTINUO_PORT: '0', ...env },
  });
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
};

const exitOf = async (child: ChildProcessWithoutNullStreams): Promise<number | null> => {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once('close', resolve);
  return promise;
};

interface Given {
  env?: Record<string, string>;
  input?: string;
}

/** `continuo …` in a process of its own. */
const runProcess = async (args: string[], { env = {}, input = '' }: Given = {}) => {
  const child = start(args, env);
  child.stdin.end(input);
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exitOf(child)]);
  return { out: out.trim(), err: err.trim(), code };
};

/** The same in this process, which takes a hundredth of the time. */
const run = async (args: string[], { env = {}, input = '' }: Given = {}) => {
  const out: string[] = [];
  const err: string[] = [];
  const program = createProgram({
    env: { CONTINUO_DATA_DIR: dataDir, ...env },
    readInput: async () => input,
    print: (line) => void out.push(line),
    printError: (line) => void err.push(line),
  });
  const code = await program.parseAsync(['node', 'continuo', ...args]).then(
    () => 0,
    (error: unknown) => {
      const { lines, exitCode } = describeFailure(error);
      err.push(...lines);
      return exitCode;
    },
  );
  return { out: out.join('\n').trim(), err: err.join('\n').trim(), code };
};

const MESSENGER = JSON.stringify({
  pageId: '100',
  pageAccessToken: 'page-token',
  appSecret: 'app-secret',
  verifyToken: 'verify',
  pageUsername: 'acme',
});

test('a brand, its channels and an agent are added and listed', async () => {
  const workspace = await run([
    'workspace',
    'add',
    '--name',
    'Acme',
    '--site-url',
    'https://acme.example/help',
  ]);
  expect(workspace).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^wsp_[\w-]{22}$/) });

  const of = ['--workspace', workspace.out];
  const web = await run(['channel', 'add', 'web', ...of, '--name', 'acme.example'], {
    env: { CONTINUO_PUBLIC_URL: 'https://chat.acme.example' },
  });
  const [key, tag] = web.out.split('\n');
  expect(key).toMatch(/^web_[\w-]{16}$/);
  expect(tag).toBe(
    `<script async src="https://chat.acme.example/widget/loader.js" data-channel="${key}"></script>`,
  );

  const page = await run(['channel', 'add', 'messenger', ...of, '--name', 'Acme', '--account-stdin'], {
    input: MESSENGER,
  });
  expect(page).toMatchObject({ code: 0, err: '' });
  const agent = ['agent', 'add', ...of, '--name', 'Ines', '--email', 'ines@acme.example'];
  const added = await run([...agent, '--password-stdin'], { input: 'correct horse battery\n' });
  expect(added).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^agt_/) });
  const again = await run(agent, { env: { CONTINUO_AGENT_PASSWORD: 'correct horse battery' } });
  expect(again).toEqual({
    code: 1,
    out: '',
    err: 'continuo: There is an agent with the address ines@acme.example already',
  });

  expect((await run(['workspace', 'list'])).out).toBe(`${workspace.out}\tAcme`);
  const channels = (await run(['channel', 'list'])).out.split('\n');
  expect(channels.map((line) => line.split('\t').slice(2))).toEqual([
    ['web', key, 'acme.example'],
    ['messenger', '100', 'Acme'],
  ]);
  expect((await run(['agent', 'list'])).out).toContain('ines@acme.example\tInes');
});

test('what is asked wrongly is said in words, with exit code 2', async () => {
  const config = join(folder, 'wrong.json');
  writeFileSync(config, '{"prot":1}');
  const wrong: [string[], string, Parameters<typeof run>[1]?][] = [
    [['workspace', 'add'], "continuo: required option '--name <name>' not specified"],
    [['workspaces'], "continuo: unknown command 'workspaces'\n(Did you mean workspace?)"],
    [['workspace', 'add', '--name', 'A', '--settings', '{'], 'continuo: --settings must be JSON'],
    [
      ['workspace', 'add', '--name', 'A', '--settings', '{"handoffMinuts":1}'],
      'continuo: settings.handoffMinuts is not a known setting (did you mean handoffMinutes?)',
    ],
    [
      ['workspace', 'add', '--name', 'A', '--settings', '{"handoffMinutes":1}'],
      'continuo: settings.handoffMinutes must be a whole number from 2 to 1440, but is 1',
    ],
    [
      ['serve', '--config', config],
      `continuo: prot in ${config} is not a known setting (did you mean port?)`,
    ],
    [
      ['serve'],
      'continuo: CONTINUO_PORT must be a whole number from 0 to 65535, but is "abc"',
      { env: { CONTINUO_PORT: 'abc' } },
    ],
  ];
  for (const [args, err, options] of wrong) {
    expect(await run(args, options), args.join(' ')).toEqual({ code: 2, out: '', err });
  }
});

test('as a process: what goes wrong is an exit code, and words on the other stream', {
  timeout: SLOW,
}, async () => {
  const [bare, absent] = await Promise.all([
    runProcess(['workspace', 'add']),
    runProcess(['channel', 'add', 'messenger', '--workspace', 'wsp_x', '--name', 'A', '--account-stdin'], {
      input: MESSENGER,
    }),
  ]);
  expect(bare).toEqual({ code: 2, out: '', err: "continuo: required option '--name <name>' not specified" });
  expect(absent).toEqual({ code: 1, out: '', err: 'continuo: There is no workspace wsp_x' });
});

test('secrets are neither taken from arguments nor shown', async () => {
  const agent = ['agent', 'add', '--workspace', 'wsp_x', '--name', 'I', '--email', 'i@acme.example'];
  expect(await run(agent)).toMatchObject({
    code: 2,
    err: expect.stringContaining('CONTINUO_AGENT_PASSWORD'),
  });
  expect((await run([...agent, '--password', 'x'])).err).toContain("unknown option '--password'");
  const channel = ['channel', 'add', 'messenger', '--workspace', 'wsp_x', '--name', 'A', '--account-stdin'];
  const bad = await run(channel, { input: 'page-token-canary' });
  expect(bad).toMatchObject({ code: 2, err: 'continuo: --account-stdin must be JSON' });
  const absent = await run(channel, { input: MESSENGER });
  expect(absent).toEqual({ code: 1, out: '', err: 'continuo: There is no workspace wsp_x' });
});

test('help has examples for every command', async () => {
  for (const args of [[], ['serve'], ['workspace', 'add'], ['channel', 'add', 'web'], ['agent', 'add']]) {
    const { out, code } = await run([...args, '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/(Examples?|First steps):\n {2}\$ continuo/);
  }
});

/** Starts a server; gives its address once it listens. */
const serve = async (env: Record<string, string> = {}) => {
  const child = start(['serve'], env);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (lines: string) => {
    log += lines;
    const found = /"url":"([^"]+)"/.exec(log)?.[1];
    if (found) resolve(found);
  });
  child.once('close', () => reject(new Error(`the server ended: ${log}`)));
  return { child, url: await promise, log: () => log };
};

test('what is added beside a running server is there at once', { timeout: SLOW }, async () => {
  const { child, url } = await serve();
  const { out: workspace } = await runProcess(['workspace', 'add', '--name', 'Beside']);
  const add = ['--workspace', workspace, '--name'];
  const [key] = (await runProcess(['channel', 'add', 'web', ...add, 'beside.example'])).out.split('\n');
  const agent = ['agent', 'add', ...add, 'Bea', '--email', 'bea@beside.example', '--password-stdin'];
  const added = await runProcess(agent, { input: 'correct horse battery' });
  expect(added).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^agt_/) });
  const channel = await fetch(`${url}/v1/web/${key}`);
  expect(await channel.json()).toMatchObject({ workspace: { name: 'Beside' } });
  const signedIn = await fetch(`${url}/v1/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'bea@beside.example', password: 'correct horse battery' }),
  });
  expect(signedIn.status).toBe(204);
  child.kill('SIGTERM');
  expect(await exitOf(child)).toBe(0);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the server cleanly', { timeout: SLOW }, async (signal) => {
  const { child, log } = await serve();
  child.kill(signal);
  expect(await exitOf(child)).toBe(0);
  expect(log()).toContain('"msg":"stopped"');
});

test('hours are set for a brand that is there, and what does not fit is named', async () => {
  const { out: id } = await run([
    'workspace',
    'add',
    '--name',
    'Acme',
    '--settings',
    '{"handoffMinutes":60}',
  ]);
  const set = (settings: object) => run(['workspace', 'set', id, '--settings', JSON.stringify(settings)]);
  const week = { mon: [['09:00', '17:30']] };
  expect(await set({ hours: { timeZone: 'Europe/Berlin', week } })).toMatchObject({ code: 0, err: '' });
  expect((await set({ hours: { timeZone: 'Europe/Berlinn', week } })).err).toContain(
    'settings.hours.timeZone must be a time zone',
  );
  const backwards = { mon: [['17:00', '09:00']] };
  expect((await set({ hours: { timeZone: 'UTC', week: backwards } })).err).toContain(
    'settings.hours.week.mon',
  );
  expect((await set({ hours: { timeZone: 'UTC', week: { mon: ['9'] } } })).err).toContain(
    'settings.hours must be null',
  );
  expect((await set({ replyminutes: 5 })).err).toContain('did you mean replyMinutes?');
  expect((await run(['workspace', 'set', 'wsp_none', '--settings', '{}'])).err).toContain(
    'no workspace wsp_none',
  );
});

test('an agent’s role is set and taken away', async () => {
  const { out: workspace } = await run(['workspace', 'add', '--name', 'Acme']);
  const person = ['--workspace', workspace, '--name', 'Robin', '--email', 'robin@acme.example'];
  const env = { CONTINUO_AGENT_PASSWORD: 'correct horse battery' };
  const { out: id } = await run(['agent', 'add', ...person, '--role', 'Orders team', '--bot'], { env });
  expect(await run(['agent', 'role', id, 'Returns'])).toMatchObject({ code: 0, err: '' });
  expect(await run(['agent', 'role', id])).toMatchObject({ code: 0, err: '' });
  expect((await run(['agent', 'role', id, 'x'.repeat(61)])).err).toContain('at most 60');
  expect((await run(['agent', 'role', 'agt_none', 'Returns'])).err).toContain('no agent agt_none');
});
