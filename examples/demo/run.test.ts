import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Demo, PortTaken, startDemo } from './run.ts';

let dataDir: string;
const running: Demo[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'continuo-demo-'));
});
afterEach(async () => {
  for (const demo of running.splice(0)) await demo.close();
  await rm(dataDir, { recursive: true });
});

const start = async (port = '0'): Promise<Demo> => {
  const demo = await startDemo({ PORT: port, CONTINUO_DATA_DIR: dataDir, CONTINUO_LOG_LEVEL: 'silent' });
  running.push(demo);
  return demo;
};
const stop = async (demo: Demo): Promise<void> => {
  running.splice(running.indexOf(demo), 1);
  await demo.close();
};
const channelKey = async ({ url }: Demo) =>
  /data-channel="(web_[^"]+)"/.exec(await (await fetch(`${url}/shop`)).text())?.[1];
const phones = async ({ url }: Demo) =>
  (await (await fetch(`${url}/phone/control/customers`)).json()).customers;

const enter = async ({ url }: Demo): Promise<string> => {
  const body = new URLSearchParams({ id: 'sara' });
  const response = await fetch(`${url}/agents/enter`, { method: 'POST', body, redirect: 'manual' });
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
};
const me = async ({ url }: Demo, cookie: string) => {
  const response = await fetch(`${url}/v1/inbox/me`, { headers: { cookie, 'continuo-version': '1' } });
  return response.json();
};

test('a second start, on another port too, finds everything as it was left', async () => {
  const first = await start();
  const [key, people] = [await channelKey(first), await phones(first)];
  expect(key).toMatch(/^web_/);
  expect(people).toHaveLength(4);
  expect(await me(first, await enter(first))).toMatchObject({ agent: { name: 'Sara Lindqvist' } });
  await stop(first);

  const second = await start();
  expect(await channelKey(second)).toBe(key);
  expect(await phones(second)).toEqual(people);
  const { agent } = await me(second, await enter(second));
  expect(agent.pictureUrl).toBe(`${second.url}/agents/pictures/sara.svg`);
  expect((await stat(join(dataDir, 'demo-password'))).mode & 0o077).toBe(0);
});

test('a taken port is told, and nothing is started', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(start(String(port))).rejects.toThrow(PortTaken);
  await new Promise((resolve) => other.close(resolve));
});

test('an open phone does not hold up the end', async () => {
  const demo = await start();
  const events = await fetch(`${demo.url}/phone/events`);
  await stop(demo);
  const reader = events.body?.getReader();
  for (let done = false; !done; ) done = (await reader?.read())?.done ?? true;
});
