import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { baseUrl } from './base-url.ts';
import {
  badParameter,
  type GraphError,
  graphErrorBody,
  internalError,
  invalidToken,
  rateLimited,
  unknownObject,
} from './graph-error.ts';
import { type AcceptedMessage, checkSend } from './send-rules.ts';
import type { Simulator } from './simulator.ts';
import type { Customer, Page } from './types.ts';

interface PageParams {
  version: string;
  target: string;
}
interface Query {
  access_token?: string;
  fields?: string;
}

const refuse = (reply: FastifyReply, error: GraphError) => {
  const traceId = randomBytes(8).toString('base64url');
  const header = `OAuth "Facebook Platform" "invalid_token" "${error.message}"`;
  if (error === invalidToken) reply.header('www-authenticate', header);
  return reply.status(error.status).send(graphErrorBody(error, traceId));
};

const tokenOf = (request: FastifyRequest<{ Querystring: Query }>): string | null => {
  const bearer = /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  if (request.query.access_token !== undefined) return request.query.access_token;
  const body = request.body;
  if (typeof body !== 'object' || body === null || !('access_token' in body)) return null;
  return typeof body.access_token === 'string' ? body.access_token : null;
};

type GraphRequest = FastifyRequest<{ Params: PageParams; Querystring: Query }>;

/** The Graph API that a Messenger app uses: the Send API and the user profile. */
export const graphRoutes =
  (simulator: Simulator, prefix: string) =>
  async (app: FastifyInstance): Promise<void> => {
    const withPage =
      (handle: (page: Page, request: GraphRequest, reply: FastifyReply) => unknown) =>
      async (request: GraphRequest, reply: FastifyReply) => {
        const token = tokenOf(request);
        const page = simulator.pages.find(({ accessToken }) => accessToken === token);
        return page === undefined ? refuse(reply, invalidToken) : handle(page, request, reply);
      };
    app.post(
      '/:version/:target/messages',
      withPage((page, request, reply) => {
        const { target } = request.params;
        if (target !== 'me' && target !== page.id) return refuse(reply, unknownObject(target));
        return send(simulator, { page, body: request.body }, reply);
      }),
    );
    app.get(
      '/:version/:target',
      withPage((page, request, reply) => {
        const { target } = request.params;
        if (target === 'me' || target === page.id) return { id: page.id, name: page.name };
        const customer = simulator.customers().find(({ psid }) => psid === target);
        if (customer?.pageId !== page.id) return refuse(reply, unknownObject(target));
        return profile(customer, { fields: request.query.fields, base: baseUrl(request, prefix) }, reply);
      }),
    );
  };

const send = (simulator: Simulator, { page, body }: { page: Page; body: unknown }, reply: FastifyReply) => {
  const owned = (psid: string) =>
    simulator.customers().some((customer) => customer.psid === psid && customer.pageId === page.id);
  const checked = checkSend(body, {
    page,
    now: simulator.now(),
    thread: (psid) => (owned(psid) ? simulator.thread(psid) : null),
  });
  if (!checked.ok) {
    const psid = recipientOf(body);
    if (psid !== null) {
      simulator.count(psid, 'calls');
      simulator.count(psid, 'refused');
    }
    return refuse(reply, checked.error);
  }
  if (checked.value.kind === 'message') return deliver(simulator, checked.value, reply);
  const { psid, action } = checked.value;
  if (action === 'mark_seen') simulator.dispatch(psid, { type: 'page.seen' });
  else simulator.showTyping(psid, action === 'typing_on');
  return { recipient_id: psid };
};

/** Sends, unless a planned fault spoils it. */
const deliver = async (simulator: Simulator, { psid, ...said }: AcceptedMessage, reply: FastifyReply) => {
  simulator.count(psid, 'calls');
  const fault = simulator.faults.take();
  if (fault?.next === 'slow') await wait(fault.delayMs);
  if (fault?.next === 'error_500') return refuse(reply, internalError);
  if (fault?.next === 'rate_limit') return refuse(reply, rateLimited);
  if (fault?.next === 'drop_before_send') return drop(reply);
  const message = simulator.sendFromApp(psid, said);
  simulator.count(psid, 'accepted');
  if (fault?.next === 'drop_after_send') return drop(reply);
  return { recipient_id: psid, message_id: message.mid };
};

const profile = (
  customer: Customer,
  { fields = 'first_name,last_name,profile_pic', base }: { fields: string | undefined; base: string },
  reply: FastifyReply,
) => {
  const wanted = fields.split(',').map((name) => name.trim());
  const values: Record<string, string> = {
    first_name: customer.firstName,
    last_name: customer.lastName,
    name: `${customer.firstName} ${customer.lastName}`.trim(),
    profile_pic: customer.pictureUrl ?? `${base}/pictures/${customer.psid}.svg`,
    locale: customer.locale,
    id: customer.psid,
  };
  const stranger = wanted.find((name) => !(name in values));
  if (stranger !== undefined)
    return refuse(reply, badParameter(`Tried accessing nonexisting field (${stranger})`));
  return Object.fromEntries([...wanted, 'id'].map((name) => [name, values[name]]));
};

/** The connection breaks before an answer, as networks do. */
const drop = (reply: FastifyReply) => {
  reply.hijack();
  reply.raw.destroy();
  return reply;
};

const recipientOf = (body: unknown): string | null => {
  if (typeof body !== 'object' || body === null || !('recipient' in body)) return null;
  const { recipient } = body;
  if (typeof recipient !== 'object' || recipient === null || !('id' in recipient)) return null;
  return typeof recipient.id === 'string' ? recipient.id : null;
};
