import { randomUUID } from 'node:crypto';
import type { Prepared, Reader, Writer } from '../system.ts';
import { openSocket } from './socket.ts';
import { createWatch } from './watch.ts';

/** As much of an XMPP client (RFC 6120) as sends and gets a message: SASL PLAIN, a resource, acknowledgements (XEP-0198). */
interface XmppSession {
  write(xml: string | Buffer): void;
  /** Resolves when this text has come. */
  until(text: string): Promise<unknown>;
  onData(listener: (chunk: Buffer) => void): void;
  close(): void;
}

export interface XmppAddress {
  port: number;
  host: string;
}

const openSession = async ({ port, host }: XmppAddress, user: string): Promise<XmppSession> => {
  const socket = await openSocket(port);
  const watch = createWatch();
  let listener: (chunk: Buffer) => void = watch.feed;
  socket.on('data', (chunk: Buffer) => listener(chunk));
  const session: XmppSession = {
    write: (xml) => void socket.write(xml),
    until: watch.arrival,
    onData(next) {
      listener = next;
    },
    close: () => void socket.end('</stream:stream>'),
  };
  const ask = (xml: string, answer: string) => {
    const answered = session.until(answer);
    session.write(xml);
    return answered;
  };
  const begin = `<stream:stream to='${host}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`;
  const secret = Buffer.from(`\0${user}\0secret`).toString('base64');
  await ask(begin, '</stream:features>');
  await ask(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${secret}</auth>`, '<success');
  await ask(begin, '</stream:features>');
  await ask(`<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>`, '</iq>');
  return session;
};

/**
 * A writer that waits for the server's acknowledgement of each message. Its own archive is switched off: each message is
 * stored once, in the archive of whom it is for, as in the others.
 */
export const openXmppWriter = async (address: XmppAddress, user: number, text: string): Promise<Writer> => {
  const session = await openSession(address, `customer-${user}`);
  const noArchive = session.until(`id='prefs'`);
  session.write(
    `<iq type='set' id='prefs'><prefs xmlns='urn:xmpp:mam:2' default='never'><always/><never/></prefs></iq>`,
  );
  await noArchive;
  const enabled = session.until('<enabled');
  session.write(`<enable xmlns='urn:xmpp:sm:3'/>`);
  await enabled;
  let resolveSent: (() => void) | null = null;
  session.onData((chunk) => {
    if (!chunk.includes('<a ')) return;
    const resolve = resolveSent;
    resolveSent = null;
    resolve?.();
  });
  const prepareOne = (): Prepared => {
    const id = randomUUID();
    const to = `agent-${user}@${address.host}`;
    return {
      id,
      bytes: Buffer.from(
        `<message to='${to}' type='chat' id='${id}'><body>${text}</body></message><r xmlns='urn:xmpp:sm:3'/>`,
      ),
    };
  };
  return {
    conversation: String(user),
    prepare: (count) => Array.from({ length: count }, prepareOne),
    send: ({ bytes }) =>
      new Promise((resolve) => {
        resolveSent = resolve;
        session.write(bytes);
      }),
    close: session.close,
  };
};

/** Whom the writer of that number writes to, with an open connection. */
export const openXmppReader = async (address: XmppAddress, user: number): Promise<Reader> => {
  const session = await openSession(address, `agent-${user}`);
  const present = session.until('<presence');
  session.write('<presence/>');
  await present;
  const watch = createWatch();
  session.onData(watch.feed);
  return { arrival: watch.arrival, close: session.close };
};
