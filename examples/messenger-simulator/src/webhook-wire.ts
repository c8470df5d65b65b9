import { createHmac } from 'node:crypto';
import type { Messaging } from './types.ts';

/** JSON as Meta writes it: non-ASCII as `\uXXXX` with small letters, slashes as `\/`. Signatures are over these bytes. */
export const metaJson = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('/', '\\/');

/** The hex digest that stands in `X-Hub-Signature-256` after `sha256=`. */
export const signature = (secret: string, body: string): string =>
  createHmac('sha256', secret).update(body).digest('hex');

/** A webhook's body: one entry for each run of events of the same Page. The first event of a batch stands alone, so that both ways of batching occur. */
export const envelope = (
  events: readonly { pageId: string; messaging: Messaging }[],
  now: number,
): string => {
  const entries: { id: string; time: number; messaging: Messaging[] }[] = [];
  for (const [index, { pageId, messaging }] of events.entries()) {
    const last = entries.at(-1);
    if (last !== undefined && last.id === pageId && index !== 1) last.messaging.push(messaging);
    else entries.push({ id: pageId, time: now, messaging: [messaging] });
  }
  return metaJson({ object: 'page', entry: entries });
};
