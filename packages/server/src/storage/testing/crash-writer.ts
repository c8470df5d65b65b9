import { openSqliteStore } from '../sqlite/open.ts';
import { message } from './fixtures.ts';

/*
 * Run as a process of its own, to be killed: writes without end from many writers, and prints the client id of each
 * message once it is acknowledged.
 */

const WRITERS = 32;

const [path, conversationId, round] = process.argv.slice(2);
if (!path || !conversationId || !round) throw new Error('needs a path, a conversation and a round');

const store = await openSqliteStore({ path, now: Date.now, publish: () => {} });

const writeForEver = async (writer: number): Promise<never> => {
  for (let count = 0; ; count += 1) {
    const clientId = `c_${round}_${writer}_${count}`;
    await store.write((tx) =>
      tx.append(conversationId, [message('kept', clientId)], { clientId, hash: 'h' }),
    );
    process.stdout.write(`${clientId}\n`);
  }
};

await Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeForEver(writer)));
