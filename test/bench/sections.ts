import { launchChromium } from '../support/chromium.ts';
import { type Other, startSite } from './browser/site.ts';
import { packageVersion } from './machine.ts';
import { measureAppends } from './measures/appends.ts';
import { measureCatchUp } from './measures/catch-up.ts';
import { measureFanOut } from './measures/fan-out.ts';
import { measureHostPage } from './measures/host-page.ts';
import { measureIdle } from './measures/idle.ts';
import { type Contestant, measureLatency } from './measures/latency.ts';
import { measureLongConversations } from './measures/long-conversation.ts';
import { measureNodes } from './measures/nodes.ts';
import { measureOpening } from './measures/opening.ts';
import { measureThroughput } from './measures/throughput.ts';
import type { Postgres } from './postgres.ts';
import { NAMES, type Results } from './results.ts';
import type { Idle, System } from './system.ts';
import { type Continuo, startContinuo } from './systems/continuo.ts';
import { startPlainFloor, startRawFloor } from './systems/floors.ts';
import { startIdleContinuo, startIdleHttp, startIdleTcp } from './systems/idle.ts';
import { prosodyVersion, startProsody } from './systems/prosody.ts';
import { startSocketIo } from './systems/socket-io.ts';

/** What every section works with. */
export interface Run {
  postgres: Postgres;
  results: Results;
  /** Shorter, and less to be trusted. */
  quick: boolean;
  say: (what: string) => void;
}

/** The part of a processor that each node is held to: two of them, the database and the generator fit on two. */
const SHARE = 0.3;

const startEmbedded = () => startContinuo({ name: NAMES.embedded });

const startOnPostgres = async ({ postgres }: Run, database: string): Promise<Continuo> =>
  startContinuo({ name: NAMES.postgres, database: await postgres.createDatabase(database) });

/** Two nodes: what one accepts is read from the other. */
const startAcross = async ({ postgres }: Run, database: string): Promise<System> => {
  const continuo = await startContinuo({
    name: NAMES.across,
    database: await postgres.createDatabase(database),
    nodes: 2,
  });
  const [, second] = continuo.nodes;
  if (!second) throw new Error('two nodes');
  return { ...continuo, openReader: ({ conversation }) => continuo.openReaderAt(second, conversation) };
};

const startPeers = async ({ postgres, results }: Run, database: string): Promise<(System & Idle)[]> => {
  const socketIo = await startSocketIo(
    NAMES.socketIo,
    await postgres.createDatabase(`${database}_socket_io`),
  );
  const version = prosodyVersion();
  if (version === null) {
    const missing =
      'Prosody is not installed: apt-get install --no-install-recommends prosody lua-dbi-postgresql';
    if (!results.notMeasured.includes(missing)) results.notMeasured.push(missing);
    return [socketIo];
  }
  results.machine.versions.Prosody = version;
  const url = await postgres.createDatabase(`${database}_prosody`);
  return [socketIo, await startProsody(NAMES.prosody, { driver: 'PostgreSQL', url })];
};

const closeAll = async (systems: readonly { close(): Promise<void> }[]): Promise<void> => {
  for (const system of systems) await system.close();
};

const latency = async (run: Run): Promise<void> => {
  const raw = await startRawFloor();
  const systems = [
    await startPlainFloor(NAMES.plain),
    await startEmbedded(),
    await startOnPostgres(run, 'latency'),
    await startAcross(run, 'latency_across'),
    ...(await startPeers(run, 'latency')),
  ];
  const contestants: Contestant[] = [
    { system: { ...raw.echo, name: NAMES.echo }, echoes: true },
    { system: { ...raw.synced, name: NAMES.raw }, echoes: true },
    ...systems.map((system) => ({ system })),
  ];
  run.results.latency = await measureLatency(
    contestants,
    run.quick ? { warmUp: 200, messages: 300 } : { warmUp: 600, messages: 1500 },
  );
  await closeAll([raw, ...systems]);
};

const messages = async (run: Run): Promise<void> => {
  const systems = [
    await startEmbedded(),
    await startOnPostgres(run, 'messages'),
    ...(await startPeers(run, 'messages')),
  ];
  for (const writers of [1, 16, 256]) {
    run.say(`messages, writers: ${writers}`);
    const options = { writers, seconds: run.quick ? 1 : 2.5, postgres: run.postgres };
    run.results.messages.push(...(await measureThroughput(systems, options)));
  }
  await closeAll(systems);
};

const appends = async ({ results, postgres, quick }: Run): Promise<void> => {
  results.appends = await measureAppends({ writers: [1, 16, 256], seconds: quick ? 1 : 2.5, postgres });
};

const fanOut = async (run: Run): Promise<void> => {
  const options = { readers: 1000, warmUp: 5, messages: run.quick ? 10 : 30 };
  const starters = [
    () => startPlainFloor(NAMES.plain),
    startEmbedded,
    () => startAcross(run, 'fan_out'),
    async () => startSocketIo(NAMES.socketIo, await run.postgres.createDatabase('fan_out_socket_io')),
  ];
  for (const start of starters) {
    const system = await start();
    run.results.fanOut.push(await measureFanOut(system, options));
    await system.close();
  }
};

const catchUp = async ({ results, quick }: Run): Promise<void> => {
  const plain = await startPlainFloor(NAMES.plain);
  const continuo = await startEmbedded();
  results.catchUp = await measureCatchUp(continuo, plain, quick ? 2000 : 10_000);
  await closeAll([plain, continuo]);
};

const nodes = async ({ results, postgres, quick }: Run): Promise<void> => {
  results.nodes = await measureNodes({ postgres, seconds: quick ? 1 : 2.5, share: SHARE });
};

const idle = async (run: Run): Promise<void> => {
  const many = run.quick ? [500, 2000] : [2000, 10_000];
  const most = Math.max(...many);
  const measure = async (one: Idle, steps: readonly number[]): Promise<void> => {
    run.say(`idle: ${one.name}`);
    run.results.idle.push(await measureIdle(one, steps));
    await one.close();
  };
  await measure(await startIdleContinuo({ name: NAMES.embedded }, { sessions: most }), many);
  await measure(await startIdleTcp(NAMES.idleTcp), many);
  await measure(await startIdleHttp(NAMES.idleHttp), many);
  for (const peer of await startPeers(run, 'idle')) await measure(peer, [2000]);
};

/** A slow phone's processor beside this one, as Lighthouse takes it. */
const SLOWDOWN = 4;

const widget = async ({ results, quick, say }: Run): Promise<void> => {
  const continuo = await startEmbedded();
  const [{ port }] = continuo.nodes;
  const loader = `http://127.0.0.1:${port}/widget/loader.js`;
  const site = await startSite(
    `<script async src="${loader}" data-channel="${continuo.brand.channelKey}"></script>`,
  );
  const browser = await launchChromium();
  results.machine.versions.Chromium = browser.version();
  results.machine.versions['deep-chat'] = packageVersion('deep-chat');
  results.machine.versions['vue-advanced-chat'] = packageVersion('vue-advanced-chat');
  const ours = `${site.url}/continuo`;
  const other = (name: string, page: Other) => ({ name, url: `${site.url}/${page}` });
  results.opening = await measureOpening(
    browser,
    [
      other(NAMES.preact, 'floor'),
      { name: NAMES.widget, url: ours },
      other(NAMES.deepChat, 'deep-chat'),
      other(NAMES.vueAdvancedChat, 'vue-advanced-chat'),
    ],
    { samples: quick ? 3 : 7, slowdown: SLOWDOWN },
  );
  say('widget: long conversations');
  const long = await measureLongConversations(browser, continuo, {
    url: ours,
    lengths: [100, quick ? 2000 : 10_000],
    arriving: 1000,
    samples: quick ? 3 : 7,
    slowdown: SLOWDOWN,
  });
  results.longOpenings = long.openings;
  results.arrivals = long.arrivals;
  say('widget: the page around it');
  results.hostPages = await measureHostPage(
    browser,
    [
      { name: 'without', url: `${site.url}/shop` },
      { name: 'with the script tag', url: `${site.url}/shop-with-chat` },
    ],
    { samples: quick ? 3 : 5, slowdown: SLOWDOWN },
  );
  await browser.close();
  await closeAll([site, continuo]);
};

export type SectionName =
  | 'latency'
  | 'messages'
  | 'appends'
  | 'nodes'
  | 'fan-out'
  | 'catch-up'
  | 'idle'
  | 'widget';

/** The parts of a run, in their order. Each starts what it needs and ends it. */
export const SECTIONS: Record<SectionName, (run: Run) => Promise<void>> = {
  latency,
  messages,
  appends,
  nodes,
  'fan-out': fanOut,
  'catch-up': catchUp,
  idle,
  widget,
};
