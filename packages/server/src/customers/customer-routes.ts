import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { identifyRoute } from '../identity/identify-route.ts';
import type { Runtime } from '../runtime.ts';
import { afterwardsRoutes } from './afterwards-routes.ts';
import { callbackRoutes } from './callback-routes.ts';
import { conversationRoutes } from './conversation-routes.ts';
import { formRoutes } from './form-routes.ts';
import { sessionRoutes, webChannelRoute } from './session-routes.ts';

/** Every route of a customer's device except the handoffs'. */
export const customerRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(webChannelRoute(rt));
    await app.register(sessionRoutes(rt));
    await app.register(identifyRoute(rt));
    await app.register(conversationRoutes(rt));
    await app.register(afterwardsRoutes(rt));
    await app.register(callbackRoutes(rt));
    await app.register(formRoutes(rt));
  };
