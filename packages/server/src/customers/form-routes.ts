import { AnsweredForm, AnswerForm, Id } from '@continuo/protocol';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { takeAnswers } from '../conversations/forms.ts';
import { fillIn } from '../conversations/message-forms.ts';
import { RATE_LIMITS } from '../http/rate-limits.ts';
import { countAgainstWorkspace } from '../http/workspace-limit.ts';
import type { Runtime } from '../runtime.ts';
import { conversationScope } from '../storage/scopes.ts';
import { ownSession } from './own-conversation.ts';

/** What customers fill in. */
export const formRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/conversations/:id/forms',
      {
        config: { rateLimit: RATE_LIMITS.messages },
        schema: {
          tags: ['customer'],
          summary: 'Answers a form. The same clientId again gives the same event.',
          params: Type.Object({ id: Id }),
          body: AnswerForm,
          response: { 200: AnsweredForm, 201: AnsweredForm },
        },
      },
      async (request, reply) => {
        const { conversationId, customerId, visibleAfter, workspaceId } = await ownSession(
          rt,
          request,
          request.params.id,
        );
        countAgainstWorkspace(rt, workspaceId);
        const { body } = request;
        const actor = { kind: 'customer', id: customerId, name: null } as const;
        const { event, duplicate } = await rt.store.write(
          (tx) =>
            body.form === 'message'
              ? fillIn(rt, tx, { conversationId, visibleAfter, actor, body })
              : takeAnswers(rt, tx, { conversationId, body, actor }),
          conversationScope(conversationId),
        );
        return reply.code(duplicate ? 200 : 201).send({ event });
      },
    );
  };
