import { DEMO_APP, DEMO_PAGE, Simulator } from '@continuo-examples/messenger-simulator';
import { expect, test } from 'vitest';
import { createDemoApp, isDemoPath } from './demo-app.ts';

const setUp = async () => {
  const entered: string[] = [];
  const app = await createDemoApp({
    publicUrl: 'http://localhost:4400',
    channelKey: 'web_abc',
    simulator: new Simulator({ app: DEMO_APP, pages: [DEMO_PAGE] }),
    signIn: async (email) => {
      entered.push(email);
      return ['session=1; Path=/; HttpOnly'];
    },
  });
  const enter = (id: string) =>
    app.inject({
      method: 'POST',
      url: '/agents/enter',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `id=${id}`,
    });
  return { app, entered, enter };
};

test.each([
  ['/phone', true],
  ['/phone/graph/v25.0/me', true],
  ['/shop?utm=1', true],
  ['/agents', true],
  ['/examples/react/', true],
  ['/inbox/', false],
  ['/v1/web/web_abc', false],
  ['/phones', false],
  ['/', false],
])('%s is the demo’s own: %s', (path, expected) => {
  expect(isDemoPath(path)).toBe(expected);
});

test('one press signs a known agent in and leads to the inbox', async () => {
  const { enter, entered } = await setUp();
  const response = await enter('sara');
  expect(entered).toEqual(['sara@nimbus.example']);
  expect(response.statusCode).toBe(303);
  expect(response.headers).toMatchObject({
    location: '/inbox/',
    'set-cookie': ['session=1; Path=/; HttpOnly'],
  });
});

test('nobody else is signed in', async () => {
  const { enter, entered } = await setUp();
  expect((await enter('mallory')).statusCode).toBe(502);
  expect(entered).toEqual([]);
});

test.each(['npm', 'vue', 'svelte', 'plain-script', 'turbo', 'playground'])(
  'the page %s is filled in',
  async (name) => {
    const { app } = await setUp();
    const { body, headers } = await app.inject({ url: `/examples/${name}/` });
    expect(body).toMatch(/"http:\/\/localhost:4400\//);
    expect(body).toContain('data-channel="web_abc"');
    expect(headers['content-security-policy']).not.toContain('unsafe');
  },
);

test('the pages on core are filled in with this server', async () => {
  const { app } = await setUp();
  for (const name of ['own-ui', 'react']) {
    const { body } = await app.inject({ url: `/examples/${name}/` });
    expect(body).toContain('data-base-url="http://localhost:4400" data-channel="web_abc"');
  }
});

test('the phone is at the root of its prefix', async () => {
  const { app } = await setUp();
  expect((await app.inject({ url: '/phone' })).headers.location).toBe('/phone/');
  expect((await app.inject({ url: '/phone/' })).body).toContain('phone.js');
});
