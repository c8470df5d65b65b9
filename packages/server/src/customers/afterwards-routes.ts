import { Readable } from 'node:stream';
import {
  type Actor,
  CaseList,
  CustomerExport,
  EndCase,
  Erasure,
  Id,
  LIMITS,
  MailTranscript,
  RateCase,
  SearchResults,
  Seq,
} from '@continuo/protocol';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { pastCases } from '../conversations/past-cases.ts';
import { rateCase } from '../conversations/rate.ts';
import { resolveOwnCase } from '../conversations/resolve-own.ts';
import { searchConversation } from '../conversations/search.ts';
import { ContinuoError } from '../errors.ts';
import { RATE_LIMITS } from '../http/rate-limits.ts';
import type { Runtime } from '../runtime.ts';
import { type AuthenticatedSession, authenticateSession, watchSession } from '../sessions/sessions.ts';
import { conversationScope } from '../storage/scopes.ts';
import type { Tx } from '../storage/store.ts';
import { sendTranscript } from '../transcripts/send.ts';
import { cancelErasure, requestErasure } from './erasure.ts';
import { exportCustomer } from './export.ts';
import { sessionCustomer } from './own-session.ts';

const tags = ['customer'];
const params = Type.Object({ id: Id });
const done = { 204: Type.Null() };

/** A request on a conversation of the session's own. */
interface Own {
  session: AuthenticatedSession;
  /** The customer as the one who does it. */
  actor: Actor;
  /** Runs a unit of work on the conversation. */
  write<T>(unit: (tx: Tx) => Promise<T>): Promise<T>;
}

/** One that is someone else's and one that is not look the same. */
const ownOf = async (rt: Runtime, request: FastifyRequest, id: string): Promise<Own> => {
  const session = await authenticateSession(rt, request);
  if (session.conversationId !== id) throw new ContinuoError('not_found');
  const customer = await sessionCustomer(rt.store.db, id);
  return {
    session,
    actor: { kind: 'customer', ...customer },
    write: (unit) => rt.store.write(unit, conversationScope(id)),
  };
};

const caseRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/conversations/:id/cases',
      {
        schema: {
          tags,
          summary: 'The cases that this session may see, the newest first.',
          params,
          response: { 200: CaseList },
        },
      },
      async (request) => {
        const { session } = await ownOf(rt, request, request.params.id);
        return { cases: await pastCases(rt.store.db, session) };
      },
    );

    app.post(
      '/v1/conversations/:id/resolve',
      {
        schema: {
          tags,
          summary: 'Ends the chat: resolves this case, if it is the open one.',
          params,
          body: EndCase,
          response: done,
        },
      },
      async (request, reply) => {
        const { session, actor, write } = await ownOf(rt, request, request.params.id);
        const { conversationId } = session;
        await write((tx) => resolveOwnCase(rt, tx, { conversationId, number: request.body.case, actor }));
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/v1/conversations/:id/rating',
      {
        config: { rateLimit: RATE_LIMITS.messages },
        schema: {
          tags,
          summary: 'How a resolved case went, 1 to 5. The newest counts; until 7 days after it was resolved.',
          params,
          body: RateCase,
          response: done,
        },
      },
      async (request, reply) => {
        const { session, actor, write } = await ownOf(rt, request, request.params.id);
        const { conversationId, visibleAfter } = session;
        await write((tx) => rateCase(rt, tx, { conversationId, visibleAfter, actor, rating: request.body }));
        return reply.code(204).send(null);
      },
    );
  };

const searchRoute =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/conversations/:id/search',
      {
        config: { rateLimit: RATE_LIMITS.search },
        schema: {
          tags,
          summary: 'Messages whose text holds these words, the newest first.',
          params,
          querystring: Type.Object({
            q: Type.String({ minLength: 1, maxLength: LIMITS.searchLength }),
            before: Type.Optional(Seq),
          }),
          response: { 200: SearchResults },
        },
      },
      async (request) => {
        const { session } = await ownOf(rt, request, request.params.id);
        const { q: query, before } = request.query;
        const { conversationId, visibleAfter: floor } = session;
        return searchConversation(rt, { conversationId, floor, query, before });
      },
    );
  };

const copyRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/conversations/:id/transcript',
      {
        config: { rateLimit: RATE_LIMITS.copies },
        schema: {
          tags,
          summary: 'Sends the conversation to an address by e-mail; three a day.',
          params,
          body: MailTranscript,
          response: { 202: Type.Object({}) },
        },
      },
      async (request, reply) => {
        const { session } = await ownOf(rt, request, request.params.id);
        await sendTranscript(rt, session, request.body);
        return reply.code(202).send({});
      },
    );

    app.get(
      '/v1/conversations/:id/export',
      {
        config: { rateLimit: RATE_LIMITS.copies },
        schema: {
          tags,
          summary: 'Everything that is held of this customer and that this session may see.',
          params,
          response: { 200: Type.Unsafe<Readable>(CustomerExport) },
        },
      },
      async (request, reply) => {
        const { session } = await ownOf(rt, request, request.params.id);
        const right = watchSession(rt, session.id);
        const pieces = Readable.from(exportCustomer(rt, session, right), { objectMode: false });
        pieces.once('close', () => right.release());
        return reply.type('application/json; charset=utf-8').send(pieces);
      },
    );
  };

const erasureRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/conversations/:id/erase',
      {
        schema: {
          tags,
          summary: 'Everything of this customer will be erased at dueAt, a day from now. Twice is once.',
          params,
          response: { 202: Erasure },
        },
      },
      async (request, reply) => {
        const { session, actor, write } = await ownOf(rt, request, request.params.id);
        const { conversationId } = session;
        const dueAt = await write((tx) => requestErasure(rt, tx, { conversationId, actor }));
        return reply.code(202).send({ dueAt });
      },
    );

    app.delete(
      '/v1/conversations/:id/erase',
      {
        schema: { tags, summary: 'Takes back what was to be erased.', params, response: done },
      },
      async (request, reply) => {
        const { session, actor, write } = await ownOf(rt, request, request.params.id);
        const { conversationId } = session;
        await write((tx) => cancelErasure(rt, tx, { conversationId, actor }));
        return reply.code(204).send(null);
      },
    );
  };

/** What a customer does besides talking: ends, rates, finds again, takes along, erases. */
export const afterwardsRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(caseRoutes(rt));
    await app.register(searchRoute(rt));
    await app.register(copyRoutes(rt));
    await app.register(erasureRoutes(rt));
  };
