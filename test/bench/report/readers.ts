import type { Read } from '../measures/catch-up.ts';
import { NAMES, type Results } from '../results.ts';
import { count, kB, microseconds, ms, ratio, type Section } from './section.ts';

export const idleSection = ({ idle }: Results): Section => {
  const bare = idle.find(({ system }) => system === NAMES.idleHttp);
  const first = idle.find(({ further }) => further !== null)?.first ?? 0;
  return {
    title: 'Memory for an idle connection',
    note: `Lower is better. What the process grew by from none to all, and from ${count(first)} to all, for each.`,
    head: [
      `resident over ${NAMES.idleHttp}`,
      'system',
      'connections',
      'resident',
      'heap',
      `resident beyond ${count(first)}`,
      'heap',
    ],
    rows: idle.map(({ system, connections, all, further }) => [
      ratio(all.rss, bare?.all.rss),
      system,
      count(connections),
      kB(all.rss),
      kB(all.heap),
      kB(further?.rss ?? null),
      kB(further?.heap ?? null),
    ]),
  };
};

export const fanOutSection = ({ fanOut }: Results): Section => {
  const against = (system: string) => fanOut.find((one) => one.system === system)?.last.p50;
  return {
    title: `One message to ${count(fanOut[0]?.readers ?? 0)} readers`,
    note: 'Lower is better. Until the last reader has it; one process holds all readers, and its part is shown.',
    head: [
      `over ${NAMES.plain}`,
      `over ${NAMES.socketIo}`,
      'system',
      'last p50',
      'last p99',
      'first p50',
      'server, each reader',
      'readers, each',
    ],
    rows: fanOut.map(({ system, last, first, cpuPerReader, generatorPerReader }) => [
      ratio(last.p50, against(NAMES.plain)),
      ratio(last.p50, against(NAMES.socketIo)),
      system,
      ms(last.p50),
      ms(last.p99),
      ms(first.p50),
      microseconds(cpuPerReader),
      microseconds(generatorPerReader),
    ]),
  };
};

export const catchUpSection = ({ catchUp }: Results): Section => {
  const rowOf = (what: string, read: Read, floor: Read): string[] => [
    ratio(read.milliseconds, floor.milliseconds),
    what,
    ms(read.milliseconds),
    `${(read.bytes / read.milliseconds / 1000).toFixed(0)} MB/s`,
    `${(read.bytes / 1e6).toFixed(1)} MB`,
    count(read.requests),
  ];
  return {
    title: `Catching up on ${count(catchUp?.messages ?? 0)} messages of one conversation`,
    note: 'Lower is better. The fastest of three; the floor is as many bytes from node:http, out of memory.',
    head: [`over ${NAMES.idleHttp}`, 'how', 'time', 'speed', 'bytes', 'requests'],
    rows: catchUp
      ? [
          rowOf('one stream', catchUp.stream, catchUp.floor),
          rowOf('page after page', catchUp.pages, catchUp.floor),
          rowOf('floor', catchUp.floor, catchUp.floor),
        ]
      : [],
  };
};
