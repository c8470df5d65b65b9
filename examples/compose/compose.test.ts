import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { createProgram } from '../../packages/server/src/cli/program.ts';
import { loadConfig } from '../../packages/server/src/config/load.ts';

// There may be no container engine where this runs: what is checked is that the files fit each other and the server.

const read = (name: string): string => readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');

interface Service {
  image?: string;
  command?: string[];
  environment: Record<string, string>;
  volumes?: string[];
  depends_on?: Record<string, unknown> | string[];
}
const compose: { services: Record<string, Service>; volumes: Record<string, unknown> } = parse(
  read('compose.yaml'),
  { merge: true },
);
const { services } = compose;
const nodes = Object.keys(services).filter((name) => name.startsWith('node-'));

const world = { env: {}, readInput: async () => '', print: () => {}, printError: () => {} };
const commands = createProgram(world).commands.map((command) => command.name());

/** The variables of `.env.example`, those that are commented out too. */
const example = new Map(
  [...read('.env.example').matchAll(/^#?([A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]),
);

/** A service's environment as compose fills it in. */
const filled = (
  environment: Record<string, string>,
  values: Record<string, string>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replace(/\$\{(\w+)(?::[?-]([^}]*))?\}/g, (_, key: string) => values[key] ?? ''),
    ]),
  );

const VALUES = {
  SITE: 'chat.brand.example',
  POSTGRES_PASSWORD: 'a-password',
  CONTINUO_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
};

test('every node has the settings that the server knows, and they fit', () => {
  expect(nodes).toEqual(['node-a', 'node-b']);
  for (const name of [...nodes, 'migrate']) {
    const config = loadConfig(filled(services[name]?.environment ?? {}, VALUES));
    expect(config).toMatchObject({
      publicUrl: 'https://chat.brand.example',
      databaseUrl: 'postgres://continuo:a-password@postgres:5432/continuo',
      secretKey: VALUES.CONTINUO_SECRET_KEY,
      trustProxy: true,
    });
    expect(config.filesUrl).toBeUndefined();
  }
  const files = { ...VALUES, CONTINUO_FILES_URL: example.get('CONTINUO_FILES_URL') ?? '' };
  expect(loadConfig(filled(services['node-a']?.environment ?? {}, files)).filesUrl).toBe(
    's3://continuo-files/brand?endpoint=http://s3:9000',
  );
});

test("the image's own settings are known to the server, and its user's folder is the volume", () => {
  const [, settings = ''] = /^ENV (.*)$/m.exec(read('Dockerfile')) ?? [];
  const environment = Object.fromEntries(settings.split(' ').map((pair) => pair.split('=')));
  expect(loadConfig(environment)).toMatchObject({ host: '0.0.0.0', dataDir: '/data', port: 4400 });
  for (const name of nodes) expect(services[name]?.volumes).toEqual(['data:/data']);
});

test('every variable that is used is in the example, and the other way round', () => {
  const used = new Set([...read('compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
  expect([...used].sort()).toEqual([...example.keys()].sort());
});

test('every command is one of the command line', () => {
  expect(services.migrate?.command).toEqual(['migrate']);
  const [, image = '[]'] = /^CMD (.*)$/m.exec(read('Dockerfile')) ?? [];
  const fromReadme = [...read('README.md').matchAll(/run --rm node-a ([a-z]+)/g)].map(([, name]) => name);
  expect(fromReadme).toEqual(['workspace', 'channel', 'files']);
  for (const name of ['migrate', ...JSON.parse(image), ...fromReadme]) expect(commands).toContain(name);
});

test('what services refer to exists', () => {
  for (const [name, { volumes = [], depends_on = {}, image }] of Object.entries(services)) {
    for (const volume of volumes) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('./')) expect(read(source)).not.toBe('');
      else expect(Object.keys(compose.volumes), name).toContain(source);
    }
    for (const other of Array.isArray(depends_on) ? depends_on : Object.keys(depends_on)) {
      expect(Object.keys(services), name).toContain(other);
    }
    expect(image, name).toMatch(/^[a-z/]+:[\w.-]+$/);
    expect(image).not.toMatch(/:latest$/);
  }
});

test('the proxy asks exactly the nodes, does not hold streams back, and hides the metrics', () => {
  const caddyfile = read('Caddyfile').replace(/^\s*#.*$/gm, '');
  const [, upstreams = ''] = /reverse_proxy (.*) \{/.exec(caddyfile) ?? [];
  expect(upstreams.split(' ')).toEqual(nodes.map((name) => `${name}:4400`));
  expect(caddyfile).toMatch(/^\t\tflush_interval -1$/m);
  expect(caddyfile).toMatch(/@inside path \/metrics\n\trespond @inside 404/);
  expect(caddyfile.match(/\{(?!\$)/g)?.length).toBe(caddyfile.replace(/\{\$\w+\}/g, '').match(/\}/g)?.length);
  expect(caddyfile).not.toContain('event-stream');
});

test('the image is packed from every package that the server needs', () => {
  const [, names = ''] = /for name in (.*); do/.exec(read('Dockerfile')) ?? [];
  const needed = new Set<string>();
  const visit = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(
      read(`../../packages/${name}/package.json`),
    );
    for (const other of Object.keys(dependencies)) {
      if (other.startsWith('@continuo/')) visit(other.slice('@continuo/'.length));
    }
  };
  visit('server');
  expect(names.split(' ').sort()).toEqual([...needed].sort());
});
