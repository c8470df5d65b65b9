import type { ConversationEvent } from '@continuo/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from './store.ts';
import { ENGINES, type Engine } from './testing/engines.ts';
import { message, seedConversations } from './testing/fixtures.ts';

const parse = (bodies: readonly string[]): ConversationEvent[] => bodies.map((body) => JSON.parse(body));

const readAll = async (store: Store, id: string): Promise<ConversationEvent[]> =>
  parse((await store.readAfter(id, 0, 100_000))?.bodies ?? []);

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

const CONVERSATIONS = ['cnv_a', 'cnv_b', 'cnv_c'];

/** One unit of the property below: where it appends how much, and whether it then fails. */
const unitArbitrary = fc.record({
  conversation: fc.constantFrom(...CONVERSATIONS),
  drafts: fc.integer({ min: 1, max: 3 }),
  fails: fc.boolean(),
  /** Turns of the event loop before it begins, so that batches form in many ways. */
  delay: fc.integer({ min: 0, max: 3 }),
});

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** What every engine must do. */
describe.each(Object.entries(ENGINES))('%s store', (_name, createEngine) => {
  let engine: Engine;
  let store: Store;
  let published: Map<string, number[]>;

  const open = (): Promise<Store> =>
    engine.open((id, events) => {
      published.set(id, [...(published.get(id) ?? []), ...events.map(({ seq }) => seq)]);
    });

  beforeEach(async () => {
    published = new Map();
    engine = await createEngine();
    store = await open();
    await seedConversations(store, CONVERSATIONS);
  });

  afterEach(async () => {
    await store.close();
    await engine.clear();
  });

  test('seqs are dense and the same for every reader, whatever is written at once and whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(unitArbitrary, { minLength: 1, maxLength: 40 }), async (units) => {
        const before = new Map<string, number>();
        for (const id of CONVERSATIONS) before.set(id, (await store.readAfter(id, 0, 0))?.head ?? 0);
        published.clear();
        const acknowledged = await Promise.all(
          units.map(async ({ conversation, drafts, fails, delay }) => {
            await turns(delay);
            const written = store.write(async (tx) => {
              const events = await tx.append(
                conversation,
                range(1, drafts).map((n) => message(`m${n}`)),
              );
              if (fails) throw new Error('undone');
              return { conversation, seqs: events.map(({ seq }) => seq) };
            });
            return written.catch(() => null);
          }),
        );
        for (const id of CONVERSATIONS) {
          const start = before.get(id) ?? 0;
          const log = (await readAll(store, id)).filter(({ seq }) => seq > start);
          const seqs = log.map(({ seq }) => seq);
          const own = acknowledged
            .filter((ack) => ack?.conversation === id)
            .flatMap((ack) => ack?.seqs ?? []);
          expect(seqs).toEqual(range(start + 1, start + own.length));
          expect(own.toSorted((a, b) => a - b)).toEqual(seqs);
          expect(published.get(id) ?? []).toEqual(seqs);
          expect((await store.readAfter(id, 0, 0))?.head).toBe(start + own.length);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('one client id is one message, however many send it at once', async () => {
    const key = { clientId: 'client-1', hash: 'h1' };
    const send = () =>
      store.write(async (tx) => {
        const found = await tx.findByClientId('cnv_a', key.clientId);
        if (found) return { seq: found.event.seq, hash: found.hash };
        const [event] = await tx.append('cnv_a', [message('hello', key.clientId)], key);
        return { seq: event?.seq, hash: key.hash };
      });
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    expect(new Set(answers.map(({ seq }) => seq))).toEqual(new Set([1]));
    expect(answers.every(({ hash }) => hash === 'h1')).toBe(true);
    expect(await readAll(store, 'cnv_a')).toHaveLength(1);
    await store.write(async (tx) => {
      expect(await tx.findByClientId('cnv_b', key.clientId)).toBeNull();
    });
  });

  test('the engine itself refuses a client id twice in one conversation', async () => {
    const key = { clientId: 'client-1', hash: 'h1' };
    const send = (id: string) => store.write((tx) => tx.append(id, [message('hello', key.clientId)], key));
    const answers = await Promise.allSettled([send('cnv_a'), send('cnv_a'), send('cnv_b')]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await readAll(store, 'cnv_a')).toHaveLength(1);
  });

  test('the key belongs to the message among several drafts', async () => {
    const key = { clientId: 'client-1', hash: 'h1' };
    const drafts = [{ type: 'case.opened', case: 1 } as const, message('hello', 'client-1')];
    await store.write((tx) => tx.append('cnv_a', drafts, key));
    const found = await store.write((tx) => tx.findByClientId('cnv_a', 'client-1'));
    expect(found?.event).toMatchObject({ seq: 2, type: 'message', text: 'hello' });
  });

  test('a unit that throws is undone alone, with everything it did', async () => {
    const rename = (name: string, fails: boolean) =>
      store.write(async (tx) => {
        await tx.append('cnv_a', [message(name)]);
        await tx.db.updateTable('workspaces').set({ name }).where('id', '=', 'wsp_1').execute();
        if (fails) throw new Error('on purpose');
        return name;
      });
    const answers = await Promise.allSettled([
      rename('one', false),
      rename('two', true),
      rename('three', false),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const texts = (await readAll(store, 'cnv_a')).map((event) =>
      event.type === 'message' ? event.text : '',
    );
    expect(texts).toEqual(['one', 'three']);
    const workspace = await store.db.selectFrom('workspaces').select('name').executeTakeFirstOrThrow();
    expect(workspace.name).toBe('three');
  });

  test('a query that fails inside a unit fails that unit and leaves the others', async () => {
    const insert = (id: string) =>
      store.write((tx) =>
        tx.db.insertInto('workspaces').values({ id, name: id, settings: '{}', created_at: 1 }).execute(),
      );
    const answers = await Promise.allSettled([insert('wsp_2'), insert('wsp_2'), insert('wsp_3')]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('readers never see what is not committed', async () => {
    await store.write(async (tx) => {
      await tx.append('cnv_a', [message('hello')]);
      await tx.db.updateTable('workspaces').set({ name: 'new' }).execute();
      expect(await store.readAfter('cnv_a', 0, 10)).toEqual({ bodies: [], last: 0, head: 0 });
      const workspace = await store.db.selectFrom('workspaces').select('name').executeTakeFirstOrThrow();
      expect(workspace.name).toBe('Brand');
    });
    expect((await store.readAfter('cnv_a', 0, 10))?.head).toBe(1);
  });

  test('a store that is opened again has everything', async () => {
    await Promise.all(range(1, 50).map((n) => store.write((tx) => tx.append('cnv_a', [message(`m${n}`)]))));
    const before = await readAll(store, 'cnv_a');
    await store.close();
    store = await open();
    expect(await readAll(store, 'cnv_a')).toEqual(before);
    const [next] = await store.write((tx) => tx.append('cnv_a', [message('next')]));
    expect(next?.seq).toBe(51);
  });

  test('pages of a log join without gap or overlap, from either end', async () => {
    await store.write((tx) =>
      tx.append(
        'cnv_a',
        range(1, 23).map((n) => message(`m${n}`)),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 24 }),
        async (limit, start) => {
          const forward: number[] = [];
          let after = start;
          for (;;) {
            const page = await store.readAfter('cnv_a', after, limit);
            if (!page || page.bodies.length === 0) break;
            forward.push(...parse(page.bodies).map(({ seq }) => seq));
            after = page.last;
          }
          expect(forward).toEqual(range(start + 1, 23));

          const backward: number[] = [];
          let before = 24;
          for (let more = true; more; ) {
            const page = await store.readBefore('cnv_a', { before, floor: start, limit });
            backward.unshift(...parse(page.bodies).map(({ seq }) => seq));
            before = backward[0] ?? 0;
            more = page.more;
          }
          expect(backward).toEqual(range(start + 1, 23));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('a log that does not exist is told apart from an empty one', async () => {
    expect(await store.readAfter('cnv_x', 0, 10)).toBeNull();
    expect(await store.readAfter('cnv_a', 0, 10)).toEqual({ bodies: [], last: 0, head: 0 });
    const append = store.write((tx) => tx.append('cnv_x', [message('lost')]));
    await expect(append).rejects.toMatchObject({ code: 'not_found' });
  });

  test('effects run after the commit, in order, and never after a failure; one that throws disturbs nobody', async () => {
    const seen: string[] = [];
    const note = (text: string, fails = false) =>
      store.write(async (tx) => {
        await tx.append('cnv_a', [message(text)]);
        tx.afterCommit(() => {
          throw new Error('a bad effect');
        });
        tx.afterCommit(() => seen.push(text));
        if (fails) throw new Error('on purpose');
      });
    await Promise.allSettled([note('one'), note('two', true), note('three')]);
    expect(seen).toEqual(['one', 'three']);
  });

  test('an event whose words were taken away is without them for every later reader, also where more is appended', async () => {
    const key = { clientId: 'client-1', hash: 'h' };
    await store.write(
      (tx) => tx.append('cnv_a', [message('secret', 'client-1')], key),
      ['conversation:cnv_a'],
    );
    const [first] = await readAll(store, 'cnv_a');
    await store.write(
      async (tx) => {
        await tx.findByClientId('cnv_a', 'client-1');
        await tx.append('cnv_a', [message('before')]);
        await tx.db
          .updateTable('events')
          .set({ body: JSON.stringify({ ...first, text: '' }) })
          .where('conversation_id', '=', 'cnv_a')
          .where('seq', '=', 1)
          .execute();
        await tx.append('cnv_a', [message('after')]);
      },
      ['conversation:cnv_a'],
    );
    const events = await readAll(store, 'cnv_a');
    expect(events.map((event) => 'text' in event && event.text)).toEqual(['', 'before', 'after']);
    const { bodies } = await store.readBefore('cnv_a', { before: 2, floor: 0, limit: 5 });
    expect(bodies.join()).not.toContain('secret');
    const again = await store.write((tx) => tx.findByClientId('cnv_a', 'client-1'));
    expect(again).toMatchObject({ hash: 'h', event: { seq: 1, text: '' } });
  });

  test('a write inside a write is refused at once', async () => {
    const nested = store.write(() => store.write(async () => 'never'));
    await expect(nested).rejects.toThrow('inside a write');
    await expect(store.write(async () => 'still works')).resolves.toBe('still works');
  });

  test('closing finishes what was begun and refuses what comes after', async () => {
    const begun = store.write((tx) => tx.append('cnv_a', [message('kept')]));
    const closed = store.close();
    await expect(store.write(async () => 'late')).rejects.toMatchObject({ code: 'unavailable' });
    await begun;
    await closed;
    store = await open();
    expect(await readAll(store, 'cnv_a')).toHaveLength(1);
  });
});
