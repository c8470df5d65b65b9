import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, problemOf, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const ABSENT = 'cnv_AAAAAAAAAAAAAAAAAAAAAA';

/** Every route under a conversation of the inbox, from the app itself: a new one without an entry here fails. */
const BODIES: Record<string, object | undefined> = {
  'GET /v1/inbox/conversations/:id': undefined,
  'GET /v1/inbox/conversations/:id/history': undefined,
  'GET /v1/inbox/conversations/:id/events': undefined,
  'GET /v1/inbox/conversations/:id/files/:fileId': undefined,
  'POST /v1/inbox/conversations/:id/messages': { clientId: 'client-id-1', text: 'Hello' },
  'POST /v1/inbox/conversations/:id/typing': { on: true },
  'POST /v1/inbox/conversations/:id/receipts': { read: 1 },
  'POST /v1/inbox/conversations/:id/resolve': undefined,
  'DELETE /v1/inbox/conversations/:id/erase': undefined,
  'POST /v1/inbox/conversations/:id/assign': { agentId: null },
  'POST /v1/inbox/conversations/:id/handoffs': { clientId: 'client-id-2' },
  'POST /v1/inbox/conversations/:id/deliveries/:deliveryId/retry': undefined,
  'POST /v1/inbox/conversations/:id/callbacks/:callbackId/done': undefined,
};

const request = (route: string, id: string): InjectOptions => {
  const [method, path = ''] = route.split(' ');
  const payload = BODIES[route];
  return {
    method: method === 'GET' || method === 'DELETE' ? method : 'POST',
    url: path
      .replace(':id', id)
      .replace(':deliveryId', 'dlv_1')
      .replace(':callbackId', 'callback-0001')
      .replace(':fileId', 'file-0001'),
    headers: { cookie: world.ours.cookie },
    ...(payload && { payload }),
  };
};

test('every route of a conversation is looked at here', async () => {
  const document: { paths: Record<string, object> } = (
    await world.app.inject({ url: '/openapi.json' })
  ).json();
  const routes = Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/v1/inbox/conversations/'))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
  expect(routes.filter((route) => !route.startsWith('HEAD ')).sort()).toEqual(Object.keys(BODIES).sort());
});

test.each(Object.keys(BODIES))('%s: what is theirs looks like what does not exist', async (route) => {
  const before = await theirState();
  const foreign = await world.inject(request(route, world.theirs.conversationId));
  const absent = await world.inject(request(route, ABSENT));
  problemOf(foreign, 'not_found');
  expect(foreign.body).toBe(absent.body);
  expect(Object.keys(foreign.headers)).toEqual(Object.keys(absent.headers));
  expect(await theirState()).toEqual(before);
});

test.each(Object.keys(BODIES))('%s: nobody who is not signed in learns anything', async (route) => {
  const options = request(route, world.ours.conversationId);
  const bare = await world.inject({ ...options, headers: {} });
  problemOf(bare, 'unauthorized');
  const forged = await world.inject({ ...options, headers: { cookie: `${world.ours.cookie}x` } });
  expect(forged.body).toBe(bare.body);
});

test('a colleague of another brand cannot be given a conversation, and looks like nobody', async () => {
  const assign = (agentId: string) =>
    world.inject({
      method: 'POST',
      url: `/v1/inbox/conversations/${world.ours.conversationId}/assign`,
      headers: { cookie: world.ours.cookie },
      payload: { agentId },
    });
  const foreign = await assign(world.theirs.agentId);
  problemOf(foreign, 'conflict');
  expect(foreign.body).toBe((await assign('agt_AAAAAAAAAAAAAAAAAAAAAA')).body);
});

test('the list, the colleagues and oneself are of one brand', async () => {
  const get = (url: string) => world.inject({ url, headers: { cookie: world.ours.cookie } });
  expect((await get('/v1/inbox/conversations')).json()).toMatchObject({
    conversations: [{ id: world.ours.conversationId }],
    counts: { all: 1 },
  });
  expect((await get('/v1/inbox/agents')).json()).toEqual({
    agents: [expect.objectContaining({ id: world.ours.agentId, openConversations: expect.any(Number) })],
  });
  expect((await get('/v1/inbox/me')).json()).toMatchObject({
    email: world.ours.email,
    workspace: { id: world.ours.workspaceId, name: 'ours' },
    agent: { id: world.ours.agentId },
  });
});

/** Everything that a request to another brand's conversation could have changed. */
async function theirState() {
  const log = await world.rt.store.readAfter(world.theirs.conversationId, 0, 100);
  const row = await world.rt.store.db
    .selectFrom('conversations')
    .selectAll()
    .where('id', '=', world.theirs.conversationId)
    .executeTakeFirstOrThrow();
  return { log, row };
}
