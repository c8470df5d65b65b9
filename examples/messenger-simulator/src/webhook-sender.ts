import type { Messaging } from './types.ts';
import { envelope, signature } from './webhook-wire.ts';

/** An event for the webhook. */
export interface WebhookEvent {
  pageId: string;
  messaging: Messaging;
}

/** A request that was not answered with 200 yet. */
export interface PendingWebhook {
  id: number;
  body: string;
  attempts: number;
}

/** How the webhook fares; the newest 200 are kept. */
export interface WebhookRecord {
  id: number;
  attempts: number;
  /** The last answer's status; null: none came. */
  status: number | null;
  state: 'sending' | 'retrying' | 'done' | 'given_up';
}

/** How the next events are sent: each twice, `count` in one request, or `count` in the wrong order. */
export type WebhookMode = 'duplicate' | 'batch' | 'reorder';

export interface WebhookSenderOptions {
  /** Null while nothing is subscribed: events are dropped, as Meta drops them. */
  target: () => string | null;
  /** The app's secret. */
  secret: string;
  fetch: typeof fetch;
  now: () => number;
  /** Milliseconds before each retry; after the last one the webhook is given up. */
  retryDelaysMs: readonly number[];
  /** Milliseconds to wait for an answer. */
  timeoutMs: number;
  pending: readonly PendingWebhook[];
  onChange: () => void;
}

const RECORDS = 200;

/** Sends webhooks in order, one request at a time; a refused one is retried later while the others go on, as Meta does. */
export class WebhookSender {
  readonly #options: WebhookSenderOptions;
  readonly #queue: PendingWebhook[] = [];
  /** Everything not answered with 200, with the timer of its retry. */
  readonly #waiting = new Map<PendingWebhook, NodeJS.Timeout | null>();
  readonly #records: WebhookRecord[] = [];
  readonly #stop = new AbortController();
  readonly #whenIdle: (() => void)[] = [];
  #nextId: number;
  #mode: { kind: WebhookMode; left: number } | null = null;
  #held: WebhookEvent[] = [];
  #running = false;

  constructor(options: WebhookSenderOptions) {
    this.#options = options;
    this.#nextId = Math.max(0, ...options.pending.map(({ id }) => id)) + 1;
    for (const post of options.pending) this.#enqueue({ ...post, attempts: 0 });
  }

  send(event: WebhookEvent): void {
    const mode = this.#mode;
    if (mode === null) {
      this.#post([event]);
      return;
    }
    mode.left -= 1;
    if (mode.kind === 'duplicate') {
      this.#post([event], 2);
      if (mode.left <= 0) this.#mode = null;
      return;
    }
    this.#held.push(event);
    if (mode.left <= 0) this.flush();
  }

  /** The next `count` events go out like this. */
  setMode(kind: WebhookMode, count: number): void {
    this.flush();
    this.#mode = { kind, left: count };
  }

  /** Sends what waits for its batch, and ends the mode. */
  flush(): void {
    const events = this.#held;
    const kind = this.#mode?.kind;
    this.#held = [];
    this.#mode = null;
    if (events.length === 0) return;
    if (kind === 'batch') this.#post(events);
    else for (const event of events.toReversed()) this.#post([event]);
  }

  records(): readonly WebhookRecord[] {
    return this.#records;
  }

  pending(): PendingWebhook[] {
    return [...this.#waiting.keys()].toSorted((a, b) => a.id - b.id);
  }

  /** Resolves when nothing is on its way or waits for a retry. Held events do not count. */
  settled(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => void this.#whenIdle.push(resolve));
  }

  close(): void {
    this.#stop.abort();
    for (const timer of this.#waiting.values()) if (timer !== null) clearTimeout(timer);
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #post(events: readonly WebhookEvent[], times = 1): void {
    if (this.#options.target() === null) return;
    const body = envelope(events, this.#options.now());
    for (let index = 0; index < times; index += 1) {
      const post: PendingWebhook = { id: this.#nextId, body, attempts: 0 };
      this.#nextId += 1;
      this.#record(post, null, 'sending');
      this.#enqueue(post);
    }
  }

  #enqueue(post: PendingWebhook): void {
    this.#waiting.set(post, null);
    this.#queue.push(post);
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let post = this.#queue.shift(); post !== undefined; post = this.#queue.shift()) {
      if (this.#stop.signal.aborted) break;
      await this.#work(post);
    }
    this.#running = false;
    if (this.#waiting.size === 0) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  async #work(post: PendingWebhook): Promise<void> {
    const url = this.#options.target();
    if (url === null) {
      this.#waiting.delete(post);
      return;
    }
    post.attempts += 1;
    const status = await this.#attempt(post, url);
    if (this.#stop.signal.aborted) return;
    const delay = this.#options.retryDelaysMs[post.attempts - 1];
    if (status !== 200 && delay !== undefined) {
      const retry = setTimeout(() => this.#enqueue(post), delay);
      this.#waiting.set(post, retry);
      this.#record(post, status, 'retrying');
      return;
    }
    this.#waiting.delete(post);
    this.#record(post, status, status === 200 ? 'done' : 'given_up');
  }

  async #attempt(post: PendingWebhook, url: string): Promise<number | null> {
    const { secret, timeoutMs } = this.#options;
    try {
      const response = await this.#options.fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          'x-hub-signature-256': `sha256=${signature(secret, post.body)}`,
        },
        body: post.body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(timeoutMs)]),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return null;
    }
  }

  #record({ id, attempts }: PendingWebhook, status: number | null, state: WebhookRecord['state']): void {
    const known = this.#records.find((record) => record.id === id);
    if (known === undefined) this.#records.push({ id, attempts, status, state });
    else Object.assign(known, { attempts, status, state });
    if (this.#records.length > RECORDS) this.#records.shift();
    this.#options.onChange();
  }
}
