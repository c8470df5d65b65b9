import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../../support/server-process.ts';
import { type ArchiveStore, prosodyConfig } from '../peers/prosody/config.ts';
import { cpuOf, memoryOf, startProgram } from '../processes.ts';
import { type Idle, inTurns, type Reader, type System, TEXT } from '../system.ts';
import { openXmppReader, openXmppWriter } from '../wire/xmpp.ts';
import { makeFolder } from './folder.ts';

const HOST = 'bench.example';
const START_WITHIN_MS = 15_000;

/** `0.12.3`; null where it is not installed. */
export const prosodyVersion = (): string | null => {
  const { stdout, status } = spawnSync('prosodyctl', ['about'], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? (/^Prosody (\d\S*)/m.exec(stdout)?.[1] ?? 'of unknown version') : null;
};

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

const untilListens = async (port: number): Promise<void> => {
  const end = Date.now() + START_WITHIN_MS;
  while (!(await listens(port))) {
    if (Date.now() > end) throw new Error('Prosody does not listen');
    await setTimeout(50);
  }
};

/** Debian's Prosody with its archive in `archive`. */
export const startProsody = async (name: string, archive: ArchiveStore): Promise<System & Idle> => {
  const folder = await makeFolder();
  const port = await freePort();
  const file = join(folder.path, 'prosody.cfg.lua');
  await writeFile(file, prosodyConfig({ port, folder: folder.path, host: HOST, archive }));
  const program = await startProgram('programs/run-command.ts', ['prosody', '-F', '--config', file]);
  await untilListens(port);
  const pid = await program.ask<number>('pid');
  const address = { port, host: HOST };
  const open: Reader[] = [];
  let users = 0;
  return {
    name,
    openWriters: (count) =>
      inTurns(Array.from({ length: count }), () => openXmppWriter(address, users++, TEXT)),
    openReader: ({ conversation }) => openXmppReader(address, Number(conversation)),
    async open(count) {
      const readers = await inTurns(Array.from({ length: count }), () => openXmppReader(address, users++));
      open.push(...readers);
    },
    memory: async () => memoryOf(pid) ?? { rss: Number.NaN, heap: null },
    cpu: async () => cpuOf(pid) ?? Number.NaN,
    async close() {
      for (const reader of open) reader.close();
      await program.end();
      await folder.remove();
    },
  };
};
