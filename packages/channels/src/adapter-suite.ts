import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChannelAdapter, NetworkContext, OutboundMessage, SendWindow } from './adapter.ts';
import { ChannelError } from './channel-error.ts';

/** What the suite needs to know of an adapter to hold it against its contract. */
export interface AdapterSample {
  adapter: ChannelAdapter;
  /** Configurations of two accounts with different secrets. */
  config: Record<string, unknown>;
  otherConfig: Record<string, unknown>;
  /** Values in `config` that must never be seen in a URL or an error. */
  secrets: readonly string[];
  /** A key of `config` without which nothing works. */
  requiredKey: string;
  /** A webhook's body for `config`'s account: one message, and one event of a kind that nobody knows. */
  body: Uint8Array;
  /** The headers with which the network sends a body, for `config`'s account. */
  sign(body: Uint8Array): Record<string, string>;
  /** How the network answers when it took a message. */
  accepted(): Response;
}

const AT = 1_790_000_000_000;
const OPEN: SendWindow = { state: 'standard', until: AT };
const message: OutboundMessage = { to: '24', text: 'Hello', metadata: 'm1', window: OPEN };

const describeAccount = ({ adapter, config, requiredKey, secrets }: AdapterSample): void => {
  test('says what it is', () => {
    expect(adapter.kind).toMatch(/^[a-z][a-z0-9-]{0,31}$/);
    expect(adapter.apiUrl).toMatch(/^https:\/\/[^?#]+[^/?#]$/);
    expect(adapter.textLength).toBeGreaterThan(0);
  });

  test('names what does not fit in a configuration, and never a secret', () => {
    const { [requiredKey]: _, ...broken } = config;
    expect(() => adapter.account(config)).not.toThrow();
    for (const bad of [undefined, null, 7, 'text', [], {}, broken]) {
      expect(() => adapter.account(bad)).toThrow(ChannelError);
    }
    expect(() => adapter.account(broken)).toThrow(requiredKey);
    for (const secret of secrets) expect(() => adapter.account(broken)).not.toThrow(secret);
  });

  test('makes a deep link that carries its ref', () => {
    const ref = 'Zq3_-x9'.repeat(6);
    const link = new URL(adapter.account(config).deepLink(ref));
    expect(link.protocol).toBe('https:');
    expect(link.href).toContain(ref);
  });
};

const describeWebhook = ({ adapter, config, otherConfig, body, sign }: AdapterSample): void => {
  const account = adapter.account(config);
  const post = (given: Uint8Array, headers: Record<string, string>) =>
    account.verify({ method: 'POST', headers, query: {}, body: given });

  test('takes what the network signed, and nothing else', () => {
    expect(post(body, sign(body))).toEqual({ ok: true });
    const changed = Uint8Array.from(body);
    changed[changed.length - 2] = (changed.at(-2) ?? 0) ^ 1;
    expect(post(changed, sign(body)).ok).toBe(false);
    expect(post(body, {}).ok).toBe(false);
    const other = adapter.account(otherConfig);
    expect(other.verify({ method: 'POST', headers: sign(body), query: {}, body }).ok).toBe(false);
  });

  test('refuses any other signature without throwing', () => {
    const names = Object.keys(sign(body));
    fc.assert(
      fc.property(fc.string(), (value) => {
        const headers = Object.fromEntries(names.map((name) => [name, value]));
        expect(post(body, headers).ok).toBe(false);
      }),
    );
  });

  test('finds the accounts that a body speaks of', () => {
    expect(adapter.accounts(body)).toEqual([account.accountId]);
    const parsed = new Set(adapter.parse(body).map(({ accountId }) => accountId));
    expect(adapter.accounts(body)).toEqual([...parsed]);
  });

  test('reads a message, ignores what it does not know, and gives each the same id again', () => {
    const events = adapter.parse(body).flatMap((part) => part.events);
    expect(events.map(({ type }) => type).sort()).toEqual(['ignored', 'message']);
    expect(new Set(events.map(({ externalId }) => externalId)).size).toBe(2);
    expect(events.every(({ externalId }) => externalId.length > 0)).toBe(true);
    const again = adapter.parse(Uint8Array.from(body)).flatMap((part) => part.events);
    expect(again).toEqual(events);
    const said = events.find(({ type }) => type === 'message');
    expect(said?.from).not.toBe('');
    expect(Number.isSafeInteger(said?.at)).toBe(true);
  });

  test('throws nothing but ChannelError on a body of any shape', () => {
    const bodies = fc.oneof(
      fc.uint8Array(),
      fc.json().map((json) => new TextEncoder().encode(json)),
    );
    fc.assert(
      fc.property(bodies, (given) => {
        for (const read of [adapter.accounts, adapter.parse]) {
          try {
            read(given);
          } catch (error) {
            expect(error).toBeInstanceOf(ChannelError);
          }
        }
      }),
    );
  });
};

const describeWindow = ({ adapter }: AdapterSample): void => {
  const times = fc.integer({ min: 0, max: 60 * 86_400_000 });
  const isOpen = ({ state }: SendWindow): boolean => state !== 'closed';

  test('a window that closed stays closed, until the customer writes', () => {
    fc.assert(
      fc.property(times, times, fc.boolean(), (one, other, humanAgent) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)];
        const at = (after: number) => adapter.window(AT, { now: AT + after, humanAgent });
        if (isOpen(at(late))) expect(isOpen(at(early))).toBe(true);
        expect(isOpen(at(0))).toBe(true);
      }),
    );
  });

  test('ends when it says', () => {
    for (const humanAgent of [false, true]) {
      const { state, until } = adapter.window(AT, { now: AT, humanAgent });
      if (until === null) continue;
      expect(adapter.window(AT, { now: until - 1, humanAgent })).toEqual({ state, until });
      expect(adapter.window(AT, { now: until, humanAgent }).state).not.toBe(state);
    }
  });

  test('people may never do less than the standard rule', () => {
    fc.assert(
      fc.property(times, (after) => {
        const now = AT + after;
        const standard = adapter.window(AT, { now, humanAgent: false });
        if (isOpen(standard)) expect(isOpen(adapter.window(AT, { now, humanAgent: true }))).toBe(true);
      }),
    );
  });
};

/** Sends `message` with changes through a network that answers so, and tells what was asked of it. */
const trySend = async (
  { adapter, config }: AdapterSample,
  answer: () => Response,
  change: Partial<OutboundMessage> = {},
) => {
  const urls: string[] = [];
  const context: NetworkContext = {
    apiUrl: 'http://network.test',
    signal: new AbortController().signal,
    async fetch(input) {
      urls.push(input instanceof Request ? input.url : String(input));
      return answer();
    },
  };
  const result = await adapter.account(config).send({ ...message, ...change }, context);
  return { result, urls };
};

const describeSend = (sample: AdapterSample): void => {
  const { adapter, secrets, accepted } = sample;

  test('sends once, to the configured address, with no secret in it', async () => {
    const { result, urls } = await trySend(sample, accepted);
    expect(result).toMatchObject({ outcome: 'sent', messageId: expect.stringMatching(/./) });
    expect(urls).toHaveLength(1);
    expect(urls[0]).toMatch(/^http:\/\/network\.test\//);
    for (const secret of secrets) expect(urls[0]).not.toContain(secret);
  });

  test('sends nothing through a closed window', async () => {
    const { result, urls } = await trySend(sample, accepted, { window: { state: 'closed', until: AT } });
    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'window_closed' }, retry: false });
    expect(urls).toEqual([]);
  });

  test('sends nothing that is longer than the network takes', async () => {
    const { result, urls } = await trySend(sample, accepted, { text: 'x'.repeat(adapter.textLength + 1) });
    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'rejected' }, retry: false });
    expect(urls).toEqual([]);
  });
};

const describeOutcomes = (sample: AdapterSample): void => {
  test('takes an unclear answer for unknown, and never for sent or for certainly not sent', async () => {
    const unclear = [
      () => new Response('<html>', { status: 200 }),
      () => new Response('', { status: 500 }),
      () => new Response('Bad gateway', { status: 502 }),
      () => {
        throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) });
      },
      () => {
        throw new DOMException('The operation timed out', 'TimeoutError');
      },
    ];
    for (const answer of unclear) {
      const { result } = await trySend(sample, answer);
      expect(result.outcome).toBe('unknown');
    }
  });

  test('knows that what met no connection was not sent', async () => {
    const { result } = await trySend(sample, () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) });
    });
    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'network' }, retry: true });
  });
};

const describeProfile = ({ adapter, config }: AdapterSample): void => {
  test('a profile that cannot be had is null', async () => {
    const context = { apiUrl: 'http://network.test', signal: AbortSignal.timeout(1000) };
    const refuse = async () => new Response('{}', { status: 403 });
    const cut = async () => {
      throw new TypeError('fetch failed');
    };
    expect(await adapter.account(config).profile('24', { ...context, fetch: refuse })).toBeNull();
    expect(await adapter.account(config).profile('24', { ...context, fetch: cut })).toBeNull();
  });
};

/** The contract that every adapter keeps. Call it in the adapter's own test file. */
export const describeAdapter = (sample: AdapterSample): void => {
  describe(`the contract of an adapter, kept by ${sample.adapter.kind}`, () => {
    describe('account', () => describeAccount(sample));
    describe('webhook', () => describeWebhook(sample));
    describe('window', () => describeWindow(sample));
    describe('send', () => describeSend(sample));
    describe('outcomes of a send', () => describeOutcomes(sample));
    describe('profile', () => describeProfile(sample));
  });
};
