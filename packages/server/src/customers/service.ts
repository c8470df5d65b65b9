import type { WebChannel } from '@continuo/protocol';
import { openingAt } from '../conversations/hours.ts';
import { isAgentOnline } from '../conversations/profile.ts';
import type { Runtime } from '../runtime.ts';
import type { WebChannelRow } from './web-channel.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** How long what was measured or worked out is kept (ms). */
const KEPT = 5 * MINUTE;
/** Fewer answers say nothing of the next one. */
const ENOUGH = 5;
/** The newest answers that are looked at. */
const SAMPLE = 1000;

/** Keeps each workspace's value for a while, of each server of the process. */
const createKept = <T>() => {
  const servers = new WeakMap<Runtime['hub'], Map<string, { key: string; until: number; value: T }>>();
  return (
    rt: Runtime,
    { id, key }: { id: string; key: string },
    make: () => { value: T; until: number },
  ): T => {
    const known = servers.get(rt.hub) ?? new Map<string, { key: string; until: number; value: T }>();
    servers.set(rt.hub, known);
    const kept = known.get(id);
    if (kept && kept.key === key && rt.now() < kept.until) return kept.value;
    const made = { key, ...make() };
    known.set(id, made);
    return made.value;
  };
};

const keepHours = createKept<WebChannel['hours']>();
const keepMinutes = createKept<Promise<number | null>>();

/** The hours as the visitor is told of them; undefined: always open. */
const hoursOf = (rt: Runtime, { workspaceId, settings: { hours } }: WebChannelRow): WebChannel['hours'] =>
  hours === null
    ? undefined
    : keepHours(rt, { id: workspaceId, key: JSON.stringify(hours) }, () => {
        const value = openingAt(hours, rt.now());
        return { value, until: Math.min(rt.now() + KEPT, value.changesAt ?? Number.POSITIVE_INFINITY) };
      });

/** The median time to the first answer to a case in the last 7 days, in minutes; null where there were too few. */
const measure = async (rt: Runtime, workspaceId: string): Promise<number | null> => {
  const rows = await rt.store.db
    .selectFrom('cases')
    .innerJoin('conversations', 'conversations.id', 'cases.conversation_id')
    .select(({ eb }) => eb('cases.answered_at', '-', eb.ref('cases.opened_at')).as('took'))
    .where('conversations.workspace_id', '=', workspaceId)
    .where('cases.answered_at', '>', rt.now() - 7 * DAY)
    .orderBy('cases.answered_at', 'desc')
    .limit(SAMPLE)
    .execute();
  if (rows.length < ENOUGH) return null;
  const took = rows.map((row) => Number(row.took)).sort((one, other) => one - other);
  const median = took[Math.floor(took.length / 2)] ?? 0;
  return Math.max(1, Math.ceil(median / MINUTE));
};

const replyMinutesOf = (rt: Runtime, { workspaceId, settings }: WebChannelRow): Promise<number | null> =>
  settings.replyMinutes === null
    ? keepMinutes(rt, { id: workspaceId, key: '' }, () => ({
        value: measure(rt, workspaceId).catch((error: unknown) => {
          rt.log.error({ err: error }, 'measuring the time to an answer failed');
          return null;
        }),
        until: rt.now() + KEPT,
      }))
    : Promise.resolve(settings.replyMinutes);

const isAnyoneOnline = async (rt: Runtime, { workspaceId }: WebChannelRow): Promise<boolean> => {
  const agents = await rt.store.db
    .selectFrom('agents')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('bot', '=', 0)
    .execute();
  return agents.some((agent) => isAgentOnline(rt, agent));
};

/** Who answers on a channel, and when: as a visitor is told before anything is said. */
export const serviceOf = async (
  rt: Runtime,
  channel: WebChannelRow,
): Promise<Pick<WebChannel, 'online' | 'hours' | 'replyMinutes' | 'callbacks' | 'preChat'>> => {
  const hours = hoursOf(rt, channel);
  const online = await isAnyoneOnline(rt, channel);
  const { preChat } = channel.settings;
  const isAsked = preChat?.when === 'always' || !(hours ? hours.open : online);
  return {
    online,
    ...(hours && { hours }),
    replyMinutes: await replyMinutesOf(rt, channel),
    callbacks: channel.settings.callbacks,
    ...(preChat && isAsked && { preChat: { fields: preChat.fields } }),
  };
};
