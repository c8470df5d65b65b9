import type { ConversationEvent, Signal } from '@continuo/protocol';
import type { LogPage } from '../storage/store.ts';
import { bodyFor, eventFor, type Reader } from './audience.ts';
import { frame } from './sse.ts';

/** New events as they were told, or a page as it was read: one object for all who are told of it. */
type Batch = readonly ConversationEvent[] | LogPage;

/** Of each batch, its bytes by what they depend on beside it. They go when the batch goes. */
const batches = new WeakMap<Batch, Map<string, Buffer>>();
const signals = new WeakMap<Signal, Buffer>();

const bodiesOf = (reader: Reader, batch: Batch): string[] =>
  'bodies' in batch
    ? batch.bodies.map((body) => bodyFor(reader, body))
    : batch.map((event) => JSON.stringify(eventFor(reader, event)));

const toBytes = (reader: Reader, batch: Batch, control: string): Buffer => {
  const bodies = bodiesOf(reader, batch);
  const data = bodies.length > 0 ? frame('data', `[${bodies.join(',')}]`) : '';
  return Buffer.from(data + frame('control', control));
};

/**
 * A batch (if there is something in it) and the control event after it, as they are written to a reader. They are put
 * into bytes once for all readers to whom the same is said.
 */
export const batchFrame = (reader: Reader, batch: Batch, control: string): Buffer => {
  const kept = batches.get(batch) ?? new Map<string, Buffer>();
  batches.set(batch, kept);
  const key = `${reader} ${control}`;
  const bytes = kept.get(key) ?? toBytes(reader, batch, control);
  kept.set(key, bytes);
  return bytes;
};

/** A signal as it is written to a reader; put into bytes once. */
export const signalFrame = (signal: Signal): Buffer => {
  const bytes = signals.get(signal) ?? Buffer.from(frame('signal', JSON.stringify(signal)));
  signals.set(signal, bytes);
  return bytes;
};
