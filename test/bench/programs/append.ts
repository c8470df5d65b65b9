/**
 * The store alone, as it is built, in a process of its own: `append.ts sqlite <folder>`, `append.ts postgres <url>`.
 * Asked `appends <writers> <milliseconds>`, it tells how many were acknowledged a second.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { EventDraft } from '@continuo/protocol';
import type { Store } from '../../../packages/server/src/storage/store.ts';
import { seedConversations } from '../../../packages/server/src/storage/testing/fixtures.ts';
import { TEXT } from '../system.ts';
import { answerParent } from './answer.ts';

const [engine = '', place = ''] = process.argv.slice(2);
const BUILT = new URL('../../../packages/server/dist/storage/', import.meta.url);
const common = { now: Date.now, publish: () => {} };

const openStore = async (): Promise<Store> => {
  if (engine === 'postgres') {
    const { openPostgresStore } = await import(new URL('postgres/open.js', BUILT).href);
    return openPostgresStore({ url: place, nodeId: 'bench', ...common });
  }
  const { openSqliteStore } = await import(new URL('sqlite/open.js', BUILT).href);
  return openSqliteStore({ path: join(place, 'bench.db'), ...common });
};

const store = await openStore();
let conversations = 0;

const draft = (clientId: string): EventDraft => ({
  type: 'message',
  author: { kind: 'customer', id: 'cus_bench', name: null },
  clientId,
  text: TEXT,
  attachments: [],
  channel: { id: 'chn_bench', kind: 'web', name: 'Site' },
});

/** Conversations up to this number, each of another customer. */
const seed = async (upTo: number): Promise<void> => {
  const ids = Array.from(
    { length: Math.max(0, upTo - conversations) },
    (_, index) => `cnv_${conversations + index}`,
  );
  await seedConversations(store, ids);
  conversations += ids.length;
};

/** One message: is its client id known, and if not, its row and the conversation's head. */
const append = (conversation: string): Promise<void> => {
  const clientId = randomUUID();
  return store.write(
    async (tx) => {
      if (await tx.findByClientId(conversation, clientId)) throw new Error('used before');
      await tx.append(conversation, [draft(clientId)], { clientId, hash: clientId });
    },
    [`conversation:${conversation}`],
  );
};

const measure = async (writers: number, milliseconds: number): Promise<number> => {
  await seed(writers);
  const start = performance.now();
  const writer = async (index: number): Promise<number> => {
    let acknowledged = 0;
    while (performance.now() < start + milliseconds) {
      await append(`cnv_${index}`);
      acknowledged++;
    }
    return acknowledged;
  };
  const counts = await Promise.all(Array.from({ length: writers }, (_, index) => writer(index)));
  return counts.reduce((sum, count) => sum + count, 0) / ((performance.now() - start) / 1000);
};

answerParent({
  appends: (writers, milliseconds) => measure(Number(writers), Number(milliseconds)),
  close: () => store.close(),
});
