/**
 * A chat server as a competent team would write it by hand on Socket.IO and PostgreSQL: who connects is looked up by
 * token and joins the room of the conversation; a message is stored in a transaction, once for each client id and with
 * the conversation's next seq; it is acknowledged and sent to the room after the commit. `serve.ts <port> <database>`
 */
import { createServer } from 'node:http';
import pg from 'pg';
import { Server } from 'socket.io';
import { answerParent } from '../../programs/answer.ts';
import { APPEND, TABLES } from './tables.ts';

const [port = '', connectionString = ''] = process.argv.slice(2);
/** PostgreSQL's error code for a row that is there already. */
const UNIQUE_VIOLATION = '23505';

// `pg` sends at once; ten connections are its default and as many as two processors can use.
const pool = new pg.Pool({ connectionString, max: 10 });
await pool.query(TABLES);
const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });

interface Message {
  clientId: string;
  text: string;
}

const append = async (conversation: string, { clientId, text }: Message, again = true) => {
  try {
    const { rows } = await pool.query({
      name: 'append',
      text: APPEND,
      values: [conversation, clientId, text],
    });
    return { seq: Number(rows[0].seq), fresh: Boolean(rows[0].fresh) };
  } catch (error) {
    const raced = error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
    if (!raced || !again) throw error;
    return append(conversation, { clientId, text }, false);
  }
};

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' &&
  value !== null &&
  'clientId' in value &&
  typeof value.clientId === 'string' &&
  'text' in value &&
  typeof value.text === 'string' &&
  value.text.length <= 2000;

io.use(async (socket, next) => {
  const { rows } = await pool.query({
    name: 'visitor',
    text: 'select id from conversations where token = $1',
    values: [String(socket.handshake.auth.token)],
  });
  if (!rows[0]) return next(new Error('unauthorized'));
  socket.data.conversation = rows[0].id;
  next();
});

io.on('connection', (socket) => {
  const conversation: string = socket.data.conversation;
  socket.join(conversation);
  socket.on('message', async (message: unknown, acknowledge: unknown) => {
    if (typeof acknowledge !== 'function') return;
    if (!isMessage(message)) return acknowledge({ error: 'bad_request' });
    try {
      const { seq, fresh } = await append(conversation, message);
      if (fresh) socket.to(conversation).emit('message', { seq, ...message });
      acknowledge({ seq });
    } catch {
      acknowledge({ error: 'unavailable' });
    }
  });
});

/** Visitors with a conversation each, as many as the numbers from 0. */
const addVisitors = async (): Promise<void> => {
  await pool.query(
    `insert into conversations (id, token) select 'c' || n, 'token-' || n from generate_series(0, 9999) as n on conflict do nothing`,
  );
};
await addVisitors();

http.listen(Number(port), '127.0.0.1', () =>
  answerParent({
    async close() {
      io.close();
      await pool.end();
    },
  }),
);
