import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { createCrawler, type Preview } from './crawler.ts';
import { createFaults } from './faults.ts';
import type { AcceptedMessage } from './send-rules.ts';
import { createStateFile, type State, type Upload } from './state-file.ts';
import { emptyThread, reduceThread, type ThreadAction } from './thread.ts';
import {
  type App,
  type Customer,
  INBOX_APP_ID,
  type Page,
  type Thread,
  type ThreadMessage,
} from './types.ts';
import { type PendingWebhook, WebhookSender } from './webhook-sender.ts';

export interface SimulatorOptions {
  app: App;
  /** At least one. */
  pages: readonly [Page, ...Page[]];
  /** JSON file that outlives a restart. @default none: everything is forgotten */
  stateFile?: string;
  /** @default the global one */
  fetch?: typeof fetch;
  /** Epoch milliseconds. @default Date.now */
  now?: () => number;
  /** Milliseconds before each retry of a webhook that was not answered with 200. */
  webhookRetryDelaysMs?: readonly number[];
}

export interface NewCustomer {
  firstName: string;
  lastName: string;
  /** @default 'en_US' */
  locale?: string;
  pictureUrl?: string | null;
  /** @default the first Page */
  pageId?: string;
}

/** Send API calls for one customer. */
export interface Counter {
  calls: number;
  accepted: number;
  refused: number;
}

/** What is said, without whose and when. */
type Said = Omit<AcceptedMessage, 'kind' | 'psid'>;

const RETRIES = [500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000];
const WEBHOOK_TIMEOUT_MS = 10_000;
/** Meta shows the typing bubble for up to 20 s (Meta, sender actions). */
const TYPING_MS = 20_000;

/** @throws Error `not_found` for a PSID that does not exist */
export class NotFound extends Error {}

const newPsid = (): string =>
  `${randomInt(1, 10)}${Array.from({ length: 15 }, () => randomInt(10)).join('')}`;

/** Meta's side of Messenger: customers and their threads, the rules, and the webhooks out. Routes are in `graph-routes` and `control-routes`. */
export class Simulator {
  readonly app: App;
  readonly pages: readonly [Page, ...Page[]];
  readonly faults = createFaults();
  readonly #options: SimulatorOptions;
  readonly #file: ReturnType<typeof createStateFile>;
  readonly #state: State;
  readonly #crawler: ReturnType<typeof createCrawler>;
  readonly #listeners = new Set<(psid: string) => void>();
  readonly #draining = new AbortController();
  readonly #counters = new Map<string, Counter>();
  #callbackUrl: string | null = null;
  #webhooks: WebhookSender;
  /** Webhooks of the last run, until the next subscription takes them up. */
  #unsent: PendingWebhook[];

  /** @throws Error when `stateFile` holds something else */
  constructor(options: SimulatorOptions) {
    this.app = options.app;
    this.pages = options.pages;
    this.#options = options;
    this.#file = createStateFile(options.stateFile ?? null);
    this.#state = this.#file.load();
    this.#unsent = this.#state.pendingWebhooks;
    this.#webhooks = this.#newSender([]);
    this.#crawler = createCrawler({ fetch: options.fetch ?? fetch, now: () => this.now() });
  }

  /** Epoch milliseconds of the simulator's own clock. */
  now(): number {
    return (this.#options.now ?? Date.now)() + this.#state.clockOffsetMs;
  }

  advanceClock(ms: number): number {
    this.#state.clockOffsetMs += ms;
    this.#changed();
    return this.now();
  }

  newMid(): string {
    return `m_${randomBytes(32).toString('base64url')}`;
  }

  get webhooks(): WebhookSender {
    return this.#webhooks;
  }

  previews(): readonly Preview[] {
    return this.#crawler.previews();
  }

  /** @throws NotFound */
  customer(psid: string): Customer {
    const known = this.#state.customers[psid];
    if (known === undefined) throw new NotFound(`No customer has the PSID ${psid}`);
    return known;
  }

  customers(): Customer[] {
    return Object.values(this.#state.customers);
  }

  thread(psid: string): Thread {
    return this.#state.threads[psid] ?? emptyThread;
  }

  /** @throws NotFound for an unknown Page */
  createCustomer({
    firstName,
    lastName,
    locale = 'en_US',
    pictureUrl = null,
    pageId,
  }: NewCustomer): Customer {
    const page = pageId === undefined ? this.pages[0] : this.pages.find(({ id }) => id === pageId);
    if (page === undefined) throw new NotFound(`No Page has the id ${pageId}`);
    const created: Customer = { psid: newPsid(), pageId: page.id, firstName, lastName, locale, pictureUrl };
    this.#state.customers[created.psid] = created;
    this.#changed();
    return created;
  }

  /** Something happens in a thread: its state moves on and the webhooks go out. @throws NotFound */
  dispatch(psid: string, action: ThreadAction): Thread {
    const { pageId } = this.customer(psid);
    const step = reduceThread(this.thread(psid), action, { pageId, psid });
    this.#state.threads[psid] = step.thread;
    for (const messaging of step.webhooks) this.#webhooks.send({ pageId, messaging });
    this.#changed();
    for (const listener of this.#listeners) listener(psid);
    return step.thread;
  }

  /** What the app sends through the Send API, after `checkSend` let it pass. */
  sendFromApp(psid: string, said: Said): ThreadMessage {
    return this.#pageSays(psid, said, this.app.id);
  }

  /** What a person answers in the Page's own inbox. */
  sendFromInbox(psid: string, text: string): ThreadMessage {
    const said: Said = { text, attachments: [], buttons: [], quickReplies: [], metadata: null };
    return this.#pageSays(psid, said, INBOX_APP_ID);
  }

  showTyping(psid: string, on: boolean): void {
    this.dispatch(psid, { type: 'page.typing', until: on ? this.now() + TYPING_MS : 0 });
  }

  /** An event of any shape, signed like all others. @throws NotFound */
  sendRaw(psid: string, event: Record<string, unknown>): void {
    const { pageId } = this.customer(psid);
    const base = { sender: { id: psid }, recipient: { id: pageId }, timestamp: this.now() };
    this.#webhooks.send({ pageId, messaging: { ...base, ...event } });
  }

  /** Counts a Send API call for a message. */
  count(psid: string, outcome: keyof Counter): void {
    const counter = this.#counters.get(psid) ?? { calls: 0, accepted: 0, refused: 0 };
    this.#counters.set(psid, { ...counter, [outcome]: counter[outcome] + 1 });
  }

  counters(): Record<string, Counter> {
    return Object.fromEntries(this.#counters);
  }

  addUpload(contentType: string, bytes: Uint8Array): string {
    const id = randomUUID();
    this.#state.uploads[id] = { contentType, base64: Buffer.from(bytes).toString('base64') };
    this.#changed();
    return id;
  }

  upload(id: string): Upload | null {
    return this.#state.uploads[id] ?? null;
  }

  /** Calls back at each change of a thread. Returns the way to stop. */
  watch(listener: (psid: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Checks the address by Meta's handshake, then sends webhooks there; those that were under way at the last stop go first.
   * @throws Error when the address does not answer the challenge
   */
  async subscribe({ url, verifyToken }: { url: string; verifyToken: string }): Promise<void> {
    await handshake(this.#options.fetch ?? fetch, url, verifyToken);
    this.#callbackUrl = url;
    if (this.#unsent.length === 0) return;
    this.#webhooks.close();
    this.#webhooks = this.#newSender(this.#unsent);
    this.#unsent = [];
  }

  /** Aborted when the phones' pages should let go of their connections. */
  get draining(): AbortSignal {
    return this.#draining.signal;
  }

  /** Before a server that carries this simulator closes, so that no open connection holds it up. */
  drain(): void {
    this.#draining.abort();
  }

  close(): void {
    this.#webhooks.close();
    this.#crawler.close();
    this.#changed();
    this.#file.close();
  }

  #newSender(pending: PendingWebhook[]): WebhookSender {
    return new WebhookSender({
      target: () => this.#callbackUrl,
      secret: this.app.secret,
      fetch: this.#options.fetch ?? fetch,
      now: () => this.now(),
      retryDelaysMs: this.#options.webhookRetryDelaysMs ?? RETRIES,
      timeoutMs: WEBHOOK_TIMEOUT_MS,
      pending,
      onChange: () => this.#changed(),
    });
  }

  #pageSays(psid: string, said: Said, appId: string): ThreadMessage {
    const message: ThreadMessage = {
      ...said,
      mid: this.newMid(),
      at: this.now(),
      from: 'page',
      appId,
      state: 'sent',
      reaction: null,
    };
    this.dispatch(psid, { type: 'page.message', message });
    void this.#crawler.crawl(message);
    return message;
  }

  #changed(): void {
    this.#file.changed(() => ({
      ...this.#state,
      pendingWebhooks: [...this.#unsent, ...this.#webhooks.pending()],
    }));
  }
}

const handshake = async (fetcher: typeof fetch, url: string, verifyToken: string): Promise<void> => {
  const challenge = String(randomInt(1_000_000_000));
  const address = new URL(url);
  address.searchParams.set('hub.mode', 'subscribe');
  address.searchParams.set('hub.challenge', challenge);
  address.searchParams.set('hub.verify_token', verifyToken);
  const response = await fetcher(address, { signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS) });
  const answer = await response.text();
  if (response.status !== 200 || answer !== challenge) {
    throw new Error(
      `The callback URL could not be validated: it answered ${response.status} and not the challenge`,
    );
  }
};
