import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { Prepared } from '../system.ts';
import { expectStatus, type HttpConnection, httpRequest } from './http.ts';

/**
 * A customer's device that costs as little as it can: raw requests, proofs signed without promises. It was written
 * from the specification, as `test/support/device.ts` was.
 */
export interface BenchDevice {
  conversation: string;
  /** A proved request as bytes. The proof holds for a minute. */
  request(line: `${'GET' | 'POST'} ${string}`, body?: string): Buffer;
  message(text: string): Prepared;
}

interface DeviceParts {
  port: number;
  key: KeyObject;
  jwk: { kty: 'EC'; crv: 'P-256'; x: string; y: string };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A DPoP proof (RFC 9449), signed by ES256. */
const prove = (
  { port, key, jwk }: DeviceParts,
  line: string,
  token: { text: string; hash: string } | null,
): string => {
  const [htm = '', target = ''] = line.split(' ');
  const [path = ''] = target.split('?');
  const claims = {
    htm,
    htu: `http://127.0.0.1:${port}${path}`,
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    ...(token && { ath: token.hash }),
  };
  const signed = `${encode({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
};

const createParts = (port: number): DeviceParts => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return { port, key: privateKey, jwk: { kty: 'EC', crv: 'P-256', x, y } };
};

const headersOf = (parts: DeviceParts, line: string, token: { text: string; hash: string } | null) => ({
  host: `127.0.0.1:${parts.port}`,
  'continuo-version': '1',
  dpop: prove(parts, line, token),
  ...(token && { authorization: `DPoP ${token.text}` }),
});

/** The device of an open session, for requests to the node at `port`. */
const deviceOf = (parts: DeviceParts, session: { token: string; conversationId: string }): BenchDevice => {
  const hash = createHash('sha256').update(session.token).digest('base64url');
  const token = { text: session.token, hash };
  const device: BenchDevice = {
    conversation: session.conversationId,
    request: (line, body) => httpRequest(line, headersOf(parts, line, token), body),
    message(text) {
      const id = randomUUID();
      const body = JSON.stringify({ clientId: id, text });
      return { id, bytes: device.request(`POST /v1/conversations/${device.conversation}/messages`, body) };
    },
  };
  return device;
};

/** Opens a session over `connection`. */
export const openBenchDevice = async (
  connection: HttpConnection,
  { port, channelKey }: { port: number; channelKey: string },
): Promise<BenchDevice> => {
  const parts = createParts(port);
  const line = 'POST /v1/sessions';
  const request = httpRequest(line, headersOf(parts, line, null), JSON.stringify({ channelKey }));
  const { body } = expectStatus(await connection.ask(request), 201);
  return deviceOf(parts, JSON.parse(body.toString()));
};
