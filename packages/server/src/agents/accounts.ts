import { APIError, betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { Kysely } from 'kysely';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { runAlone } from '../storage/postgres/lock.ts';

/** An agent's session is over after this time, used or not. */
const SESSION_SECONDS = 12 * 60 * 60;

/** What the library's own tables are called. */
export const ACCOUNT_TABLES = {
  user: { modelName: 'auth_users' },
  account: { modelName: 'auth_accounts' },
  verification: { modelName: 'auth_verifications' },
  session: { modelName: 'auth_sessions' },
} as const;

/** NIST SP 800-63B: at least 8 characters, better 15, no rules of composition. */
export const PASSWORD_LENGTH = { min: 10, max: 256 } as const;

/** A session that a request came with. */
export interface AccountSession {
  id: string;
  userId: string;
}

/** The agents' accounts: who they are and that it is they. What they may do is ours. */
export interface Accounts {
  /** Makes or completes the library's own tables (`auth_*`). */
  migrate(): Promise<void>;
  /**
   * An account with a password; one that exists gets the new password.
   * @returns the account's id
   */
  saveUser(user: { email: string; name: string; password: string }): Promise<string>;
  /**
   * @returns values of `Set-Cookie`
   * @throws ContinuoError `unauthorized`, the same for an unknown address and a wrong password
   */
  signIn(credentials: { email: string; password: string }): Promise<string[]>;
  /** @returns values of `Set-Cookie` that take the cookie away */
  signOut(cookie: string | undefined): Promise<string[]>;
  /** The session of a request's cookie; null when there is none, or it is over. */
  findSession(cookie: string | undefined): Promise<AccountSession | null>;
  /** Which of these sessions still live. */
  liveOf(sessionIds: string[]): Promise<ReadonlySet<string>>;
  /** Deletes sessions whose time is over. */
  forgetEnded(): Promise<void>;
}

const withCookie = (cookie: string | undefined): Headers =>
  new Headers(cookie === undefined ? {} : { cookie });

/** Name of the agents' cookie. `__Host-`: a browser takes it only over https, for this host alone, for every path. */
const cookieName = (publicUrl: string): string =>
  `${publicUrl.startsWith('https://') ? '__Host-' : ''}continuo.session_token`;

type AccountsRuntime = Pick<Runtime, 'config' | 'store' | 'secrets' | 'log' | 'now'>;

/** The accounts library on the store's own database, without its HTTP face, telemetry, mails or sign-up. */
function createLibrary({ config, store, secrets, log }: AccountsRuntime) {
  return betterAuth({
    baseURL: config.publicUrl,
    basePath: '/v1/auth',
    secret: secrets.derive("agents' sessions"),
    database: { db: new Kysely({ dialect: store.dialect }), type: store.engine },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
    },
    ...ACCOUNT_TABLES,
    session: { ...ACCOUNT_TABLES.session, expiresIn: SESSION_SECONDS, disableSessionRefresh: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: {
      cookiePrefix: 'continuo',
      useSecureCookies: false,
      ipAddress: { disableIpTracking: true },
      cookies: {
        session_token: {
          name: cookieName(config.publicUrl),
          attributes: {
            httpOnly: true,
            sameSite: 'lax',
            path: '/',
            secure: config.publicUrl.startsWith('https://'),
          },
        },
      },
    },
    logger: {
      log: (level, message) => log[level]({ part: 'accounts' }, message),
    },
  });
}

type Library = ReturnType<typeof createLibrary>;

export function createAccounts(rt: AccountsRuntime): Accounts {
  const library = createLibrary(rt);
  const { now } = rt;
  return {
    async migrate() {
      const run = async (): Promise<void> => {
        const { runMigrations } = await getMigrations(library.options);
        await runMigrations();
      };
      const { databaseUrl } = rt.config;
      await (databaseUrl === null ? run() : runAlone(databaseUrl, "agents' accounts", run));
    },
    saveUser: (user) => saveUser(library, user),
    async signIn(body) {
      try {
        const { headers } = await library.api.signInEmail({ body, returnHeaders: true });
        return headers.getSetCookie();
      } catch (cause) {
        if (!(cause instanceof APIError) || cause.statusCode >= 500) throw cause;
        const detail = 'The address or the password is not right';
        throw new ContinuoError('unauthorized', { detail }, { cause });
      }
    },
    async signOut(cookie) {
      const { headers } = await library.api.signOut({ headers: withCookie(cookie), returnHeaders: true });
      return headers.getSetCookie();
    },
    async findSession(cookie) {
      if (cookie === undefined) return null;
      const found = await library.api.getSession({ headers: withCookie(cookie) });
      if (!found) return null;
      const { id, userId } = found.session;
      return { id, userId };
    },
    async liveOf(sessionIds) {
      if (sessionIds.length === 0) return new Set();
      const { adapter } = await library.$context;
      const live = await adapter.findMany<{ id: string }>({
        model: 'session',
        where: [
          { field: 'id', operator: 'in', value: sessionIds },
          { field: 'expiresAt', operator: 'gt', value: new Date(now()) },
        ],
        limit: sessionIds.length,
      });
      return new Set(live.map(({ id }) => id));
    },
    async forgetEnded() {
      const { adapter } = await library.$context;
      await adapter.deleteMany({
        model: 'session',
        where: [{ field: 'expiresAt', operator: 'lt', value: new Date(now()) }],
      });
    },
  };
}

async function saveUser(library: Library, user: Parameters<Accounts['saveUser']>[0]): Promise<string> {
  const { internalAdapter, password } = await library.$context;
  const hash = await password.hash(user.password);
  const known = await internalAdapter.findUserByEmail(user.email);
  if (known) {
    await internalAdapter.updatePassword(known.user.id, hash);
    return known.user.id;
  }
  const created = await internalAdapter.createUser(
    { email: user.email, name: user.name, emailVerified: true },
    { method: 'email-password' },
  );
  await internalAdapter.linkAccount({
    userId: created.id,
    providerId: 'credential',
    accountId: created.id,
    password: hash,
  });
  return created.id;
}
