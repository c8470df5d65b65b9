import type { RedeemHandoff, Session } from '@continuo/protocol';
import type { WorkspaceSettings } from '../config/config.ts';
import { checkOrigin, findWebChannel } from '../customers/web-channel.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { endSessionsOf, issueSession, SESSION_LIFE_MS } from '../sessions/sessions.ts';
import type { Tx } from '../storage/store.ts';
import { claimLink } from './claim.ts';
import { type Device, deviceOf } from './device.ts';
import { type FoundHandoff, findHandoff } from './find.ts';
import { joinConversation, moveIdentity } from './join.ts';
import { refuse } from './refuse.ts';
import { rightTo } from './right.ts';
import { recordStep } from './steps.ts';
import { visibleAfterFor } from './visibility.ts';

/** A device that asks for the session that a link gives. */
export interface Redemption {
  body: RedeemHandoff;
  thumbprint: string;
  origin: string | undefined;
}

const createIdentity = async (
  rt: Runtime,
  tx: Tx,
  input: { found: FoundHandoff; channelId: string; thumbprint: string },
): Promise<string> => {
  const id = rt.newId('idn');
  await tx.db
    .insertInto('identities')
    .values({
      id,
      workspace_id: input.found.row.workspace_id,
      customer_id: input.found.customerId,
      channel_id: input.channelId,
      external_id: input.thumbprint,
      name: null,
      picture_url: null,
      last_inbound_at: null,
      handoff_id: input.found.row.id,
      created_at: rt.now(),
    })
    .execute();
  return id;
};

/** The widget's language, where no network told one. */
const noteLocale = async (
  tx: Tx,
  { customerId, locale }: { customerId: string; locale: string | undefined },
): Promise<void> => {
  if (locale === undefined) return;
  await tx.db
    .updateTable('customers')
    .set({ locale })
    .where('id', '=', customerId)
    .where('locale', 'is', null)
    .execute();
};

/** Links the device to the customer, as it answered. Null where its identity stays with its own conversation. */
const linkDevice = async (
  rt: Runtime,
  tx: Tx,
  input: { found: FoundHandoff; device: Device; channelId: string; redemption: Redemption },
): Promise<string | null> => {
  const { found, device, redemption } = input;
  if (device.kind === 'new') {
    return createIdentity(rt, tx, { found, channelId: input.channelId, thumbprint: redemption.thumbprint });
  }
  const { identity } = device;
  if (device.kind === 'linked') return identity.id;
  if (device.kind === 'taken' || (device.kind === 'own' && redemption.body.join === false)) return null;
  if (device.kind === 'own') {
    await joinConversation(rt, tx, { from: device.conversationId, into: found.conversationId });
  }
  if (device.kind === 'silent') await endSessionsOf(rt, tx, device);
  await moveIdentity(tx, {
    identityId: identity.id,
    customerId: found.customerId,
    handoffId: found.row.id,
  });
  return identity.id;
};

/**
 * What a link shows, and since when its right counts. One of a customer's own device gives what that device has, and never
 * more: what came by a link is not seen for longer by being passed on.
 */
const scopeFor = async (
  rt: Runtime,
  tx: Tx,
  { found, visibility }: { found: FoundHandoff; visibility: WorkspaceSettings['handoffVisibility'] },
): Promise<{ visibleAfter: number; since: number }> => {
  const { conversationId, row } = found;
  if (row.session_id === null)
    return { visibleAfter: await visibleAfterFor(rt, tx, { conversationId, visibility }), since: rt.now() };
  const first = await tx.db
    .selectFrom('sessions')
    .select(['visible_after', 'handoff_id', 'expires_at'])
    .where('id', '=', row.session_id)
    .executeTakeFirstOrThrow();
  const since = first.handoff_id === null ? rt.now() : first.expires_at - SESSION_LIFE_MS;
  return { visibleAfter: first.visible_after, since };
};

/** The session of a device that has redeemed this handoff, now or before. */
const sessionFor = async (
  rt: Runtime,
  tx: Tx,
  input: {
    found: FoundHandoff;
    thumbprint: string;
    identityId: string | null;
    visibleAfter: number;
    since: number;
  },
): Promise<Session> => {
  const { found, ...rest } = input;
  const { token, expiresAt } = await issueSession(rt, tx, {
    ...rest,
    workspaceId: found.row.workspace_id,
    customerId: found.customerId,
    conversationId: found.conversationId,
    handoffId: found.row.id,
  });
  return {
    token,
    conversationId: found.conversationId,
    customer: { id: found.customerId, name: found.customerName },
    expiresAt,
  };
};

/**
 * Gives the device with this key the session that a link carries; to the device that redeemed it, again. Returns
 * (does not throw) the refusal of a dead link, because that is written down too.
 * @throws ContinuoError `not_found`, `forbidden` (a foreign site), `join_required` (nothing has changed then), `unavailable`
 */
export const redeemHandoff = async (
  rt: Runtime,
  tx: Tx,
  redemption: Redemption,
): Promise<Session | ContinuoError> => {
  const { body, thumbprint } = redemption;
  const found = await findHandoff(tx.db, body.token);
  const channel = await findWebChannel(tx.db, body.channelKey);
  if (channel.workspaceId !== found.row.workspace_id) throw new ContinuoError('not_found');
  checkOrigin(rt.config, channel.settings, redemption.origin);
  const right = await rightTo(rt, tx, { found, thumbprint });
  const device = await deviceOf(tx.db, {
    workspaceId: channel.workspaceId,
    thumbprint,
    customerId: found.customerId,
  });
  if (right.state === 'yours') {
    const identityId = device.kind === 'linked' ? device.identity.id : null;
    return sessionFor(rt, tx, { found, thumbprint, identityId, ...right });
  }
  if (right.state !== 'live') return refuse(rt, tx, { found, reason: right.state });
  if (device.kind === 'own' && body.join === undefined) throw new ContinuoError('join_required');
  if (!(await claimLink(rt, tx, { handoffId: found.row.id, taker: thumbprint }))) {
    // Another device took it in this very moment: asked again, it is told so.
    throw new ContinuoError('unavailable', { retryAfter: 1 });
  }

  await noteLocale(tx, { customerId: found.customerId, locale: body.locale });
  const identityId = await linkDevice(rt, tx, { found, device, channelId: channel.id, redemption });
  const scope = await scopeFor(rt, tx, { found, visibility: channel.settings.handoffVisibility });
  await recordStep(rt, tx, {
    handoffId: found.row.id,
    conversationId: found.conversationId,
    from: found.from.kind,
    step: 'redeemed',
    actor: { kind: 'customer', id: found.customerId, name: found.customerName },
  });
  return sessionFor(rt, tx, { found, thumbprint, identityId, ...scope });
};
