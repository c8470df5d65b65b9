import type { Session } from '@continuo/protocol';
import { atom } from 'nanostores';
import type { Speaker } from '../api/api.ts';
import type { Environment } from '../environment/environment.ts';
import { ContinuoError } from '../errors.ts';
import { createKey, createProof } from './proof.ts';

/** `none`: nothing was said on this device yet. `ended`: it was revoked or ran out; sending opens a new one where that is allowed. */
export type SessionState = 'none' | 'opening' | 'open' | 'ended';

/** What a device keeps: its key for good, and its session. */
interface Device extends Partial<Pick<Session, 'token' | 'conversationId'>> {
  key: CryptoKeyPair;
}

const isDevice = (value: unknown): value is Device => typeof value === 'object' && !!value && 'key' in value;

/** This device's key and session, in the storage as `name`; speaks for them in each request. */
export const createSession = ({ crypto, storage, now }: Environment, name: string) => {
  const $session = atom<SessionState>('none');
  let device: Device | undefined;
  /** How often the device was forgotten, and the server's clock minus ours. */
  let [lives, skew] = [0, 0];

  /** Two tabs that create a key at once end up with the same. */
  const ensure = async (): Promise<Device> => {
    if (device) return device;
    const made: Device = { key: await createKey(crypto) };
    const kept = await storage.add(name, made);
    device = isDevice(kept) ? kept : made;
    return device;
  };

  return {
    $session,
    conversationId: () => device?.conversationId,
    authorize: async ({ headers, method, url }: Request, as: Speaker) => {
      if (as === 'anyone') return;
      const { key, ...stored } = await ensure();
      const token = as === 'session' ? stored.token : undefined;
      if (token) headers.set('authorization', `DPoP ${token}`);
      headers.set('dpop', await createProof(crypto, { key, method, url, at: now() + skew, token }));
    },
    /** True where the request can be repeated: another proof may be better. */
    correct: ({ code, problem }: ContinuoError): boolean => {
      // Something on the way may have sent it twice, and the other copy was first.
      if (code === 'proof_invalid') return true;
      if (code !== 'proof_stale' || !problem?.serverTime) return false;
      skew = problem.serverTime - now();
      return true;
    },
    /** Takes up the session that the storage keeps, if it is another than before. Whether it is over, the server's clock says. */
    restore: async (): Promise<boolean> => {
      const found = await storage.get(name);
      if (!isDevice(found) || found.token === device?.token) return false;
      device = found;
      $session.set('open');
      return true;
    },
    /** Has a session given to this device. Where that fails, all is as before. */
    begin: async (request: () => Promise<Pick<Session, 'token' | 'conversationId'>>): Promise<void> => {
      const [before, life] = [$session.get(), lives];
      $session.set('opening');
      try {
        const { token, conversationId } = await request();
        // Who logged out meanwhile is not logged in again by an answer that was on its way.
        if (life !== lives) throw new ContinuoError('aborted');
        device = { ...(await ensure()), token, conversationId };
        await storage.set(name, device);
        $session.set('open');
      } catch (error) {
        if (life === lives) $session.set(before);
        throw error;
      }
    },
    end: (): void => {
      if (device?.token) $session.set('ended');
    },
    /** False where key and session last only as long as the page. */
    isKept: (): boolean => storage.isKept?.(name) ?? true,
    /** @param isStorageKept - Another tab has emptied the storage, and may have begun anew. */
    forget: async (isStorageKept: boolean): Promise<void> => {
      lives++;
      device = undefined;
      $session.set('none');
      if (!isStorageKept) await storage.delete(name);
    },
  };
};

export type DeviceSession = ReturnType<typeof createSession>;
