import { LIMITS } from '@continuo/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestRuntime, type TestRuntime } from '../conversations/testing/runtime.ts';
import type { Runtime } from '../runtime.ts';
import { conversationScope } from '../storage/scopes.ts';
import type { Store } from '../storage/store.ts';
import { ENGINES, type Engine } from '../storage/testing/engines.ts';
import { message, seedConversations } from '../storage/testing/fixtures.ts';
import { giveFiles, takeFiles } from './attached.ts';
import { forgetUploads } from './forget.ts';
import { appendChunk, createUpload, readUpload } from './uploads.ts';

const { chunkBytes } = LIMITS;
const whose = { workspaceId: 'wsp_1', conversationId: 'cnv_a', owner: 'device' };
const claim = { conversationId: 'cnv_a', owner: 'device', ids: ['file-0001'] };

/** What has to hold on every engine. */
describe.each(Object.entries(ENGINES))('files on %s', (_name, createEngine) => {
  let engine: Engine;
  let store: Store;
  let inner: TestRuntime;
  let rt: Runtime;

  beforeEach(async () => {
    engine = await createEngine();
    store = await engine.open(() => {});
    inner = await createTestRuntime();
    rt = { ...inner, store };
    await seedConversations(store, ['cnv_a', 'cnv_b']);
  });
  afterEach(async () => {
    await store.close();
    await engine.clear();
    await inner.close();
  });

  const append = (offset: number, length: number) =>
    appendChunk(rt, whose, { id: 'file-0001', offset, bytes: new Uint8Array(length) });

  test('of chunks that race for one place one counts', async () => {
    await createUpload(rt, whose, { id: 'file-0001', name: 'a.txt', size: chunkBytes + 1 });
    const racing = await Promise.allSettled([1, 2, 3].map(() => append(0, chunkBytes)));
    expect(racing.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await append(chunkBytes, 1)).toEqual({
      id: 'file-0001',
      offset: chunkBytes + 1,
      size: chunkBytes + 1,
    });
    expect(await readUpload(rt, whose, 'file-0001')).toMatchObject({ offset: chunkBytes + 1 });
  });

  test('of messages that race for one file one gets it', async () => {
    await createUpload(rt, whose, { id: 'file-0001', name: 'a.txt', size: 1 });
    await append(0, 1);
    const take = () =>
      store.write(
        async (tx) => {
          const attachments = await takeFiles(rt, tx, claim);
          const [event] = await tx.append('cnv_a', [message('See')]);
          await giveFiles(tx, claim, { conversationId: 'cnv_b', seq: event?.seq ?? 0 });
          return attachments;
        },
        conversationScope('cnv_a', 'cnv_b'),
      );
    const racing = await Promise.allSettled([take(), take(), take()]);
    expect(racing.filter(({ status }) => status === 'fulfilled')).toEqual([
      {
        status: 'fulfilled',
        value: [{ type: 'file', url: null, name: 'a.txt', id: 'file-0001', size: 1, mimeType: 'text/plain' }],
      },
    ]);
    // It went with its message into the conversation that this one was joined into.
    const rows = await store.db.selectFrom('files').select(['conversation_id', 'seq']).execute();
    expect(rows).toEqual([{ conversation_id: 'cnv_b', seq: 1 }]);
  });

  test('what a day may bring is counted, and what nobody sent is forgotten', async () => {
    await createUpload(rt, whose, { id: 'file-0001', name: 'a.txt', size: 9 });
    const full = store.write(({ db }) =>
      db
        .updateTable('files')
        .set({ size: 200 * 1024 ** 2 })
        .execute(),
    );
    await full;
    const more = () => createUpload(rt, whose, { id: 'file-0002', name: 'a.txt', size: 1 });
    await expect(more()).rejects.toMatchObject({ code: 'rate_limited' });
    inner.pass(LIMITS.uploadHours * 3_600_000 + 1);
    expect(await forgetUploads(rt)).toBe(false);
    expect(await more()).toMatchObject({ offset: 0 });
  });
});
