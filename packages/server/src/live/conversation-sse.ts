import type { Writable } from 'node:stream';
import { type ConversationEvent, type Signal, toOffset } from '@continuo/protocol';
import type { Runtime } from '../runtime.ts';
import type { LogPage } from '../storage/store.ts';
import type { Reader } from './audience.ts';
import { nextCursor } from './cursor.ts';
import { batchFrame, signalFrame } from './frames.ts';
import type { ConversationListener } from './hub.ts';
import { readPageShared } from './shared-reads.ts';
import { beat, finishSse, frame, isOpen, writable, writeSse } from './sse.ts';
import type { LiveStream } from './streams.ts';

/** Signals that wait while a reader catches up; a typing person sends one in three seconds. */
const MAX_HELD = 256;

export interface SseOptions {
  rt: Runtime;
  /** What is written to, until `moveTo`. */
  connection: Writable;
  conversationId: string;
  reader: Reader;
  /** The agent who reads; null for a customer. */
  agentId: string | null;
  /** The reader has everything up to this seq. */
  after: number;
  /** The cursor that the reader sent. */
  cursor: string | null;
}

/**
 * One reader's SSE connection. It hears of news from the hub, and takes what follows its position without a gap from
 * there; everything else it reads from the store. So it never skips and never repeats, whatever comes in which order.
 *
 * The protocol's advice to close each connection after a minute serves shared caches; these streams are private, so
 * they stay open until the session or the server ends.
 */
export class ConversationSse implements ConversationListener, LiveStream {
  readonly audience: Reader;
  readonly kind: Reader;
  readonly #rt: Runtime;
  readonly #conversationId: string;
  readonly #agentId: string | null;
  readonly #cursor: string | null;
  #connection: Writable;
  /** The last seq written. */
  #position: number;
  /** The last seq that is known to exist. */
  #head: number;
  /** True until the first `catchUp` has run: what comes before it is told after it. */
  #reading = true;
  /** Signals wait for what was committed before them; null while none does. */
  #heldSignals: Signal[] | null = null;

  constructor({ rt, connection, conversationId, reader, agentId, after, cursor }: SseOptions) {
    this.audience = reader;
    this.kind = reader;
    this.#rt = rt;
    this.#conversationId = conversationId;
    this.#agentId = agentId;
    this.#cursor = cursor;
    this.#connection = connection;
    this.#position = after;
    this.#head = after;
  }

  /** From now on it writes there. */
  moveTo(connection: Writable): void {
    this.#connection = connection;
  }

  onEvents(events: readonly ConversationEvent[]): void {
    const last = events.at(-1);
    if (!last || last.seq <= this.#position) return;
    this.#head = Math.max(this.#head, last.seq);
    if (this.#reading) return;
    if (events[0]?.seq === this.#position + 1) this.#write(events, last.seq);
    else void this.catchUp();
  }

  onHead(head: number): boolean {
    if (head <= this.#head) return false;
    this.#head = head;
    if (!this.#reading) void this.catchUp();
    return true;
  }

  onSignal(signal: Signal): void {
    if (this.#isOwnTyping(signal)) return;
    if (!this.#reading) {
      this.writeSignal(signal);
      return;
    }
    this.#heldSignals ??= [];
    if (this.#heldSignals.length < MAX_HELD) this.#heldSignals.push(signal);
    // It reads too slowly to be told of what is over in a moment; it begins anew with the state of things.
    else this.#connection.destroy();
  }

  beat(): void {
    beat(this.#connection);
  }

  drain(withinMs: number): void {
    this.#finish({ type: 'drain', withinMs });
  }

  /** The session ended. */
  end(): void {
    this.#finish({ type: 'ended' });
  }

  /** Writes everything after the position from the store, a page at a time, as fast as the reader takes it. */
  async catchUp(): Promise<void> {
    this.#reading = true;
    try {
      do {
        const page = await readPageShared(this.#rt.store, this.#conversationId, this.#position);
        if (!page) break;
        this.#head = Math.max(this.#head, page.head);
        if (!this.#write(page, page.last)) await writable(this.#connection);
      } while (this.#position < this.#head && isOpen(this.#connection));
    } catch (error) {
      this.#rt.log.error({ err: error }, 'reading a conversation for its stream failed');
      this.#connection.destroy();
    } finally {
      this.#reading = false;
    }
    const held = this.#heldSignals ?? [];
    this.#heldSignals = null;
    for (const signal of held) this.writeSignal(signal);
  }

  #isOwnTyping(signal: Signal): boolean {
    return signal.type === 'typing' && this.#agentId !== null && signal.agent?.id === this.#agentId;
  }

  /** Writes a batch (if there is something in it) and the control event after it. */
  #write(batch: readonly ConversationEvent[] | LogPage, last: number): boolean {
    this.#position = last;
    const control = JSON.stringify({
      streamNextOffset: toOffset(last),
      streamCursor: nextCursor(this.#cursor, this.#rt),
      ...(last >= this.#head && { upToDate: true }),
    });
    return writeSse(this.#connection, batchFrame(this.audience, batch, control));
  }

  #finish(signal: Signal): void {
    finishSse(this.#connection, frame('signal', JSON.stringify(signal)));
  }

  writeSignal(signal: Signal): void {
    writeSse(this.#connection, signalFrame(signal));
  }
}
