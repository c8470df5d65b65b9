import { setTimeout as pause } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { type Connection, clientConfig, connect, isLoss, unavailable } from './connection.ts';

/** Milliseconds before connecting is tried again. */
const PAUSE = 100;

/** A connection for news, that is made anew when it is lost. */
export interface Kept {
  /** Null while there is none that works, and after the end. */
  find(): Connection | null;
  close(): Promise<void>;
}

interface KeptOptions {
  url: string;
  /** Milliseconds between two signs of life, and that an answer may take: a dead connection says nothing by itself. */
  checkInterval: number;
  /** Run on each new connection, before it is used. */
  prepare?: (connection: Connection) => Promise<unknown>;
  /** Told when a lost connection is back. */
  onBack: () => void;
  onError: (error: unknown) => void;
}

/** A notification needs no disk: it is gone with the server anyway. */
const configOf = ({ url, checkInterval }: KeptOptions): ClientConfig => ({
  ...clientConfig(url),
  pipeline: true,
  query_timeout: checkInterval,
  options: '-c synchronous_commit=off',
});

/** @throws ContinuoError `unavailable` when there is no server at first */
export const keepConnection = async (options: KeptOptions): Promise<Kept> => {
  const { checkInterval, prepare, onBack, onError } = options;
  let closed = false;
  let connection: Connection | null = null;

  const open = async (): Promise<void> => {
    const opened = await connect(configOf(options), performance.now());
    try {
      await prepare?.(opened);
      if (opened.isLost()) throw unavailable('the database is away');
    } catch (error) {
      opened.destroy();
      throw error;
    }
    connection = opened;
    opened.client.once('end', () => leave(opened));
  };

  const leave = (left: Connection): void => {
    if (connection !== left) return;
    connection = null;
    if (!closed) void comeBack();
  };

  const comeBack = async (): Promise<void> => {
    while (!closed && !connection) {
      try {
        await open();
      } catch (error) {
        if (!isLoss(error)) onError(error);
        await pause(PAUSE);
      }
    }
    if (closed) return connection?.destroy();
    onBack();
  };

  await open();
  const check = setInterval(() => connection?.client.query('SELECT 1').catch(() => {}), checkInterval);
  return {
    find: () => (closed || connection?.isLost() ? null : connection),
    async close() {
      closed = true;
      clearInterval(check);
      await connection?.end();
    },
  };
};
