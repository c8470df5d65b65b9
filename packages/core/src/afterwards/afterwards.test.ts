import type { ConversationEvent } from '@continuo/protocol';
import { expect, test, vi } from 'vitest';
import type { RequestOptions } from '../api/api.ts';
import type { Client } from '../client.ts';
import {
  cancelErasure,
  endCase,
  exportData,
  listCases,
  mailTranscript,
  rateCase,
  readAllEvents,
  requestErasure,
  searchConversation,
} from './afterwards.ts';

/** A client of which only requests are there. */
const createAsking = (answer: (search?: Record<string, string>) => unknown = () => undefined) => {
  const asked = vi.fn();
  const respond = async (method: string, what: string, options?: RequestOptions): Promise<unknown> => {
    asked(method, what, options?.json ?? options?.search);
    return answer(options?.search);
  };
  const request: Client['request'] = (...args) => Reflect.apply(respond, undefined, args);
  return { request, asked };
};

test('each asks its own', async () => {
  const { asked, ...client } = createAsking(() => ({ cases: [1], dueAt: 5, results: [] }));
  await rateCase(client, { case: 2, score: 4 });
  await endCase(client, 2);
  await searchConversation(client, 'طرد');
  await searchConversation(client, 'a&b', 7);
  expect(await listCases(client)).toEqual([1]);
  await exportData(client);
  expect(await requestErasure(client)).toBe(5);
  await cancelErasure(client);
  expect(await mailTranscript(client, { email: 'a@b.example' })).toBeUndefined();
  expect(asked.mock.calls).toEqual([
    ['post', 'rating', { case: 2, score: 4 }],
    ['post', 'resolve', { case: 2 }],
    ['get', 'search', { q: 'طرد' }],
    ['get', 'search', { q: 'a&b', before: '7' }],
    ['get', 'cases', undefined],
    ['get', 'export', undefined],
    ['post', 'erase', undefined],
    ['delete', 'erase', undefined],
    ['post', 'transcript', { email: 'a@b.example' }],
  ]);
});

test('the whole log is read page by page, and given oldest first', async () => {
  const all = Array.from({ length: 120 }, (_, index): ConversationEvent => {
    return { seq: index + 1, at: index, type: 'case.opened', case: 1 };
  });
  const client = createAsking((search) => {
    const before = Number(search?.before ?? 1000);
    const events = all.filter(({ seq }) => seq < before);
    return { events: events.slice(-50), more: events.length > 50 };
  });
  const counts: number[] = [];
  expect(await readAllEvents(client, (count) => counts.push(count))).toEqual(all);
  expect(counts).toEqual([50, 100, 120]);
  const empty = createAsking(() => ({ events: [], more: false }));
  expect(await readAllEvents(empty)).toEqual([]);
});
