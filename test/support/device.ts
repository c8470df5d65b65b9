import { createHash, randomUUID } from 'node:crypto';
import type { Problem } from '@continuo/protocol';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { openSse, type SseReader } from './sse.ts';

/** A customer's device as the specification describes it, written without `@continuo/core`: a key, proofs, requests. */
export interface Device {
  thumbprint: string;
  /** The session token, once there is one. */
  token: string | null;
  conversationId: string;
  proof(method: string, url: string, changes?: ProofChanges): Promise<string>;
  /** Headers of a proved request. */
  headers(method: string, url: string): Promise<Record<string, string>>;
  request(method: string, path: string, body?: unknown): Promise<Answer>;
  /** `POST /v1/sessions`, keeping the token. */
  open(channelKey: string): Promise<Answer>;
  /** Sends a message to its own conversation. */
  send(text: string, clientId?: string): Promise<Answer>;
  /** Opens its conversation's stream. */
  stream(offset?: string): Promise<SseReader>;
  /** A `fetch` that proves every request, for clients that bring their own. */
  fetch: typeof fetch;
}

/** What to do wrong in a proof. */
export interface ProofChanges {
  iat?: number;
  jti?: string;
  htm?: string;
  htu?: string;
  ath?: string | null;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed body; null where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies freely and assert what they find
  body: any;
  problem: Problem | null;
}

/** Reads a whole answer. */
export const readAnswer = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const body = text && type.includes('json') ? JSON.parse(text) : text || null;
  return {
    status: response.status,
    headers: response.headers,
    body,
    problem: type.includes('problem+json') ? body : null,
  };
};

const strip = (url: string) => {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
};

export const createDevice = async (baseUrl: string): Promise<Device> => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk: JWK = await exportJWK(publicKey);
  const device: Device = {
    thumbprint: await calculateJwkThumbprint(jwk),
    token: null,
    conversationId: '',
    proof(method, url, changes = {}) {
      const ath =
        changes.ath !== undefined
          ? changes.ath
          : device.token && createHash('sha256').update(device.token).digest('base64url');
      const claims = {
        htm: changes.htm ?? method,
        htu: changes.htu ?? strip(url),
        jti: changes.jti ?? randomUUID(),
        ...(ath ? { ath } : {}),
      };
      return new SignJWT(claims)
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
        .setIssuedAt(changes.iat ?? Math.floor(Date.now() / 1000))
        .sign(privateKey);
    },
    async headers(method, url) {
      return {
        'continuo-version': '1',
        dpop: await device.proof(method, url),
        ...(device.token ? { authorization: `DPoP ${device.token}` } : {}),
      };
    },
    async request(method, path, body) {
      const url = baseUrl + path;
      const response = await fetch(url, {
        method,
        headers: {
          ...(await device.headers(method, url)),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return readAnswer(response);
    },
    async open(channelKey) {
      device.token = null;
      const answer = await device.request('POST', '/v1/sessions', { channelKey });
      if (answer.status < 300) {
        device.token = answer.body.token;
        device.conversationId = answer.body.conversationId;
      }
      return answer;
    },
    send(text, clientId = randomUUID()) {
      return device.request('POST', `/v1/conversations/${device.conversationId}/messages`, {
        clientId,
        text,
      });
    },
    stream: (offset = '-1') =>
      openSse(
        device.fetch,
        `${baseUrl}/v1/conversations/${device.conversationId}/events?live=sse&offset=${offset}`,
      ),
    async fetch(input, init) {
      const request = new Request(input, init);
      for (const [name, value] of Object.entries(await device.headers(request.method, request.url))) {
        request.headers.set(name, value);
      }
      return fetch(request);
    },
  };
  return device;
};
