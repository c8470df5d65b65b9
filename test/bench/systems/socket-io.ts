import { freePort } from '../../support/server-process.ts';
import { startProgram } from '../processes.ts';
import { type Idle, inTurns, type Memory, type Reader, type System, TEXT } from '../system.ts';
import { openSocketIoReader, openSocketIoWriter } from '../wire/socket-io.ts';

/** The hand-roll of `peers/socket-io` on a database of its own. */
export const startSocketIo = async (name: string, database: string): Promise<System & Idle> => {
  const port = await freePort();
  const program = await startProgram('peers/socket-io/serve.ts', [String(port), database]);
  const open: Reader[] = [];
  let visitors = 0;
  return {
    name,
    openWriters: (count) =>
      inTurns(Array.from({ length: count }), () => openSocketIoWriter(port, visitors++, TEXT)),
    openReader: ({ conversation }) => openSocketIoReader(port, Number(conversation)),
    async open(count) {
      const readers = await inTurns(Array.from({ length: count }), () =>
        openSocketIoReader(port, visitors++),
      );
      open.push(...readers);
    },
    memory: () => program.ask<Memory>('memory'),
    cpu: () => program.ask<number>('cpu'),
    async close() {
      for (const reader of open) reader.close();
      await program.end();
    },
  };
};
