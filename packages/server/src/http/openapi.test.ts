import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from './testing/world.ts';

interface Operation {
  parameters?: { name: string; schema?: object }[];
  summary?: string;
  tags?: string[];
  security?: object[];
  requestBody?: object;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
  tags: { name: string }[];
}

let world: World;
let document: Document;
beforeAll(async () => {
  world = await createWorld();
  document = (await world.app.inject({ url: '/openapi.json' })).json();
});
afterAll(() => world.close());

const operations = (): [string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );

test('every route under /v1 is there, with words, tags and the problem documents', () => {
  const v1 = operations().filter(([name]) => name.includes(' /v1/'));
  expect(v1.length).toBeGreaterThan(25);
  const tags = document.tags.map(({ name }) => name);
  for (const [name, { summary, tags: [tag = ''] = [], responses }] of v1) {
    expect(summary, name).toMatch(/\w/);
    expect(tags, name).toContain(tag);
    expect(responses['4XX']?.content, name).toHaveProperty('application/problem+json');
  }
});

test('every parameter has a name and a schema', () => {
  for (const [name, { parameters = [] }] of operations()) {
    for (const parameter of parameters) {
      expect(parameter.name, name).toMatch(/^[\w-]+$/);
      expect(parameter.schema, name).toBeTypeOf('object');
    }
  }
});

test('what is streamed is said', () => {
  for (const name of ['GET /v1/conversations/{id}/events', 'GET /v1/inbox/signals']) {
    const operation = operations().find(([other]) => other === name)?.[1];
    expect(operation?.responses['200']?.content, name).toHaveProperty('text/event-stream');
  }
});

test('who has to prove what is said', () => {
  const securityOf = (name: string) => operations().find(([other]) => other === name)?.[1].security;
  expect(securityOf('POST /v1/inbox/conversations/{id}/messages')).toEqual([{ cookie: [] }]);
  expect(securityOf('POST /v1/conversations/{id}/messages')).toEqual([{ DPoP: [] }]);
  expect(securityOf('POST /v1/handoffs/redeem')).toEqual([{ proof: [] }]);
  expect(securityOf('POST /v1/sessions')).toEqual([{ proof: [] }]);
  expect(securityOf('GET /v1/web/{channelKey}')).toBeUndefined();
  expect(Object.keys(document.components.securitySchemes)).toEqual(['DPoP', 'proof', 'cookie']);
});

test('the schemas have their names, and every reference leads to one', () => {
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['Problem', 'SendMessage', 'ConversationEvent', 'InboxConversation', 'Signal']),
  );
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  const missing = [...references]
    .map(([, name = '']) => name)
    .filter((name) => !(name in document.components.schemas));
  expect(missing).toEqual([]);
  expect(JSON.stringify(document)).not.toMatch(/"\$ref":"(?!#\/components)/);
});

test('there is a page to read it', async () => {
  const page = await world.app.inject({ url: '/docs' });
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toContain('text/html');
});
