import type { FastifyInstance } from 'fastify';
import {
  AdvanceClock,
  ControlError,
  CreateCustomer,
  GetStarted,
  NativeReply,
  OpenLink,
  PlanFault,
  Press,
  parse,
  RawEvent,
  React,
  SetWebhookMode,
  Subscribe,
  Switch,
  WriteMessage,
} from './control-bodies.ts';
import type { Simulator } from './simulator.ts';

interface OfCustomer {
  Params: { psid: string };
}

/** What a test, or the phone page, does in a customer's place. */
export const controlRoutes =
  (simulator: Simulator) =>
  async (app: FastifyInstance): Promise<void> => {
    await app.register(customerRoutes(simulator));
    await app.register(metaRoutes(simulator));
  };

const customerRoutes =
  (simulator: Simulator) =>
  async (app: FastifyInstance): Promise<void> => {
    app.post('/customers', async (request, reply) =>
      reply.status(201).send(simulator.createCustomer(parse(CreateCustomer, request.body))),
    );
    app.get('/customers', async () => ({ customers: simulator.customers() }));
    app.get<OfCustomer>('/customers/:psid', async ({ params }) => simulator.customer(params.psid));
    app.get<OfCustomer>('/customers/:psid/thread', async ({ params }) => {
      const customer = simulator.customer(params.psid);
      return { customer, now: simulator.now(), ...simulator.thread(params.psid) };
    });

    app.post<OfCustomer>('/customers/:psid/messages', async ({ params, body }) =>
      write(simulator, params.psid, body),
    );
    app.post<OfCustomer>('/customers/:psid/press', async ({ params, body }) =>
      press(simulator, params.psid, body),
    );
    app.post<OfCustomer>('/customers/:psid/read', async ({ params }, reply) => {
      simulator.dispatch(params.psid, { type: 'customer.read', at: simulator.now() });
      return reply.status(204).send();
    });
    app.post<OfCustomer>('/customers/:psid/get-started', async ({ params, body }) => {
      const { ref = null } = parse(GetStarted, body);
      const mid = simulator.newMid();
      simulator.dispatch(params.psid, { type: 'customer.getStarted', mid, at: simulator.now(), ref });
      return { mid };
    });
    app.post<OfCustomer>('/customers/:psid/open-link', async ({ params, body }) => {
      const { ref } = parse(OpenLink, body);
      const thread = simulator.dispatch(params.psid, { type: 'customer.openLink', at: simulator.now(), ref });
      return { getStarted: !thread.started };
    });
    app.post<OfCustomer>('/customers/:psid/react', async ({ params, body }, reply) => {
      const { mid, emoji } = parse(React, body);
      simulator.dispatch(params.psid, { type: 'customer.react', at: simulator.now(), mid, emoji });
      return reply.status(204).send();
    });
    app.post<OfCustomer>('/customers/:psid/online', async ({ params, body }, reply) => {
      const { on } = parse(Switch, body);
      simulator.dispatch(params.psid, { type: 'customer.online', at: simulator.now(), on });
      return reply.status(204).send();
    });
    app.post<OfCustomer>('/customers/:psid/block', async ({ params, body }, reply) => {
      simulator.dispatch(params.psid, { type: 'customer.block', on: parse(Switch, body).on });
      return reply.status(204).send();
    });
    app.post<OfCustomer>('/customers/:psid/raw', async ({ params, body }, reply) => {
      simulator.sendRaw(params.psid, parse(RawEvent, body).event);
      return reply.status(202).send({});
    });
  };

const write = (simulator: Simulator, psid: string, body: unknown): { mid: string } => {
  const { text = '', attachments = [], quickReplyPayload = null, replyTo = null } = parse(WriteMessage, body);
  simulator.customer(psid);
  if (text.trim() === '' && attachments.length === 0)
    throw new ControlError(400, 'text or attachments is needed');
  if (simulator.thread(psid).pendingRef !== null) {
    throw new ControlError(
      409,
      'The thread was opened by a link: press Get Started first, as Messenger demands',
    );
  }
  const mid = simulator.newMid();
  simulator.dispatch(psid, {
    type: 'customer.message',
    mid,
    at: simulator.now(),
    text,
    attachments: attachments.map(({ type, url = null, title = null, coordinates = null }) => ({
      type,
      url,
      title,
      coordinates,
    })),
    quickReplyPayload,
    replyTo,
  });
  return { mid };
};

/** A URL button gives its address back: the caller's browser opens it. */
const press = (simulator: Simulator, psid: string, body: unknown): { mid?: string; url?: string } => {
  const pressed = parse(Press, body);
  simulator.customer(psid);
  const message = simulator.thread(psid).messages.find(({ mid }) => mid === pressed.mid);
  if (message === undefined) throw new ControlError(404, 'No message has this mid');
  if ('quickReply' in pressed) {
    const reply = message.quickReplies[pressed.quickReply];
    if (reply === undefined) throw new ControlError(404, 'The message has no such quick reply, or no longer');
    return write(simulator, psid, { text: reply.title, quickReplyPayload: reply.payload });
  }
  const button = message.buttons[pressed.button];
  if (button === undefined) throw new ControlError(404, 'The message has no such button');
  if (button.type === 'web_url') return { url: button.url };
  const mid = simulator.newMid();
  const { title, payload } = button;
  simulator.dispatch(psid, { type: 'customer.postback', mid, at: simulator.now(), title, payload });
  return { mid };
};

const DEFAULT_SLOW_MS = 3000;

const metaRoutes =
  (simulator: Simulator) =>
  async (app: FastifyInstance): Promise<void> => {
    app.post('/native-reply', async ({ body }) => {
      const { psid, text } = parse(NativeReply, body);
      return { mid: simulator.sendFromInbox(psid, text).mid };
    });
    app.get('/clock', async () => ({ now: simulator.now() }));
    app.post('/clock', async ({ body }) => ({ now: simulator.advanceClock(parse(AdvanceClock, body).ms) }));

    app.post('/faults', async ({ body }, reply) => {
      const { next, count = 1, delayMs = DEFAULT_SLOW_MS } = parse(PlanFault, body);
      simulator.faults.plan({ next, count, delayMs });
      return reply.status(204).send();
    });
    app.delete('/faults', async (_request, reply) => {
      simulator.faults.clear();
      return reply.status(204).send();
    });
    app.get('/counters', async () => simulator.counters());
    app.get('/previews', async () => ({ previews: simulator.previews() }));

    app.post('/subscribe', async ({ body }, reply) => {
      const subscription = parse(Subscribe, body);
      try {
        await simulator.subscribe(subscription);
      } catch (error) {
        throw new ControlError(
          400,
          error instanceof Error ? error.message : 'The callback URL cannot be reached',
        );
      }
      return reply.status(204).send();
    });
    app.get('/webhooks', async () => ({ webhooks: simulator.webhooks.records() }));
    app.post('/webhooks', async ({ body }, reply) => {
      const { next, count = next === 'duplicate' ? 1 : 2 } = parse(SetWebhookMode, body);
      simulator.webhooks.setMode(next, count);
      return reply.status(204).send();
    });
    app.post('/webhooks/flush', async (_request, reply) => {
      simulator.webhooks.flush();
      return reply.status(204).send();
    });
    app.get('/webhooks/settled', async (_request, reply) => {
      await simulator.webhooks.settled();
      return reply.status(204).send();
    });
  };
