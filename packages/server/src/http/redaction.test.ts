import { afterAll, beforeAll, expect, test } from 'vitest';
import { addChannel } from '../admin/add-channel.ts';
import { createBareApp } from './app.ts';
import { createWorld, PASSWORD, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** 43 characters, as a conversation token or a session's token has. */
const TOKEN = 'q7Zr0XvT5mUe8LhJk2NwYbA4cFgDi9PsVtRoQx1ZuE0';
const CANARY = 'canary5f2e9c';
const PROOF = `eyJ0eXAiOiJkcG9wK2p3dCJ9.${CANARY}.${CANARY}`;

test('no secret that comes with a request is in any line of the log, whatever becomes of the request', async () => {
  const { app, inject, ours } = world;
  const secrets = {
    authorization: `DPoP ${TOKEN}`,
    dpop: PROOF,
    cookie: `${ours.cookie}; other=${CANARY}`,
    'x-hub-signature-256': `sha256=${CANARY}`,
  };
  const paths = [
    `/v1/conversations/${ours.conversationId}?token=${CANARY}`,
    `/v1/nothing?access_token=${CANARY}&continuo=${TOKEN}`,
    `/c/${ours.channelKey}?continuo=${TOKEN}`,
    `/v1/webhooks/messenger?hub.mode=subscribe&hub.verify_token=${CANARY}&hub.challenge=1`,
    `/v1/inbox/me?password=${CANARY}`,
    `/%E0%A4%A?token=${CANARY}`,
  ];
  for (const url of paths) await inject({ url, headers: secrets });
  const posts: [string, object][] = [
    ['/v1/auth/sign-in/email', { email: 'x@y', password: CANARY }],
    ['/v1/handoffs/peek', { token: TOKEN }],
    ['/v1/handoffs/redeem', { token: TOKEN, channelKey: ours.channelKey }],
    ['/v1/sessions', { channelKey: ours.channelKey, [CANARY]: TOKEN }],
    ['/v1/webhooks/messenger', { object: 'page', entry: [{ id: '1', messaging: [{ text: CANARY }] }] }],
  ];
  for (const [url, payload] of posts) await inject({ method: 'POST', url, payload, headers: secrets });

  const broken = await createBareApp(world.rt);
  broken.get('/v1/broken', (request) => {
    throw Object.assign(
      new Error(`GET https://graph.example/me?access_token=${CANARY} with Bearer ${CANARY}`),
      {
        request: { headers: request.headers },
        responseText: CANARY,
      },
    );
  });
  await broken.inject({ url: '/v1/broken', headers: { ...secrets, 'continuo-version': '1' } });
  await broken.close();
  app.log.info({ req: { method: 'GET', url: `/x?token=${CANARY}`, headers: secrets } }, 'by hand');

  const lines = world.log();
  expect(lines.match(/"msg":"request"/g)?.length).toBeGreaterThan(paths.length + posts.length);
  expect(lines).toContain('"msg":"request failed"');
  for (const secret of [CANARY, TOKEN, PASSWORD, ours.cookie.split('=')[1] ?? '', 'correct horse']) {
    expect(lines).not.toContain(secret);
  }
});

test("a channel's tokens lie sealed in the database", async () => {
  const { rt, ours } = world;
  const config = {
    pageId: '100200300',
    pageAccessToken: CANARY,
    appSecret: CANARY,
    verifyToken: CANARY,
    pageUsername: 'acme',
  };
  const { id, externalId } = await addChannel(rt, {
    workspaceId: ours.workspaceId,
    kind: 'messenger',
    name: 'Acme on Facebook',
    config,
  });
  expect(externalId).toBe('100200300');
  const row = await rt.store.db
    .selectFrom('channels')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(JSON.stringify(row)).not.toContain(CANARY);
  expect(JSON.parse(rt.secrets.open(row.config))).toEqual(config);
  expect(world.log()).not.toContain(CANARY);
});
