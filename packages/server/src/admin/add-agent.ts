import { createAccounts, PASSWORD_LENGTH } from '../agents/accounts.ts';
import { ContinuoError } from '../errors.ts';
import { type AdminRuntime, checkName, requireWorkspace } from './add-workspace.ts';

/** An agent to add. */
export interface NewAgent {
  workspaceId: string;
  /** As customers see it. */
  name: string;
  /** Signs in with it. One address is one agent. */
  email: string;
  password: string;
  /** An https URL. @default none */
  pictureUrl?: string | null;
  /** What they do, in the brand's words: "Orders team". Customers see it. @default none */
  role?: string | null;
  /** No person: customers are told so, and nothing is given to it. @default false */
  bot?: boolean;
}

const EMAIL = /^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)*$/;

/** @throws ContinuoError `bad_request` */
const checkRole = (role: string | null): string | null => {
  const trimmed = role?.trim() || null;
  if (trimmed === null || trimmed.length <= 60) return trimmed;
  throw new ContinuoError('bad_request', { detail: 'role must be at most 60 characters' });
};

/** @throws ContinuoError `bad_request` */
function check({ name, email, password, pictureUrl = null, role = null }: NewAgent) {
  if (!EMAIL.test(email) || email.length > 254) {
    throw new ContinuoError('bad_request', { detail: 'email must be an address such as ines@example.com' });
  }
  const { min, max } = PASSWORD_LENGTH;
  if (password.length < min || password.length > max) {
    throw new ContinuoError('bad_request', { detail: `password must be ${min} to ${max} characters` });
  }
  if (pictureUrl !== null && !/^(https?:\/\/|data:image\/)\S+$/.test(pictureUrl)) {
    throw new ContinuoError('bad_request', { detail: 'pictureUrl must be an https URL' });
  }
  return { role: checkRole(role), name: checkName(name), email: email.toLowerCase(), password, pictureUrl };
}

/**
 * Adds an agent, who can sign in at once, also to a server that is running.
 * @throws ContinuoError `bad_request`; `not_found` for the workspace; `conflict` when the address is an agent's already
 */
export async function addAgent(rt: AdminRuntime, input: NewAgent): Promise<{ id: string }> {
  const { name, email, password, pictureUrl, role } = check(input);
  await requireWorkspace(rt, input.workspaceId);
  const known = await rt.store.db
    .selectFrom('agents')
    .select('id')
    .where('email', '=', email)
    .executeTakeFirst();
  if (known)
    throw new ContinuoError('conflict', { detail: `There is an agent with the address ${email} already` });

  const accounts = createAccounts(rt);
  await accounts.migrate();
  const userId = await accounts.saveUser({ email, name, password });
  const id = rt.newId('agt');
  await rt.store.write(async (tx) => {
    await tx.db
      .insertInto('agents')
      .values({
        id,
        workspace_id: input.workspaceId,
        user_id: userId,
        email,
        name,
        picture_url: pictureUrl,
        status: 'online',
        role,
        bot: input.bot ? 1 : 0,
        created_at: rt.now(),
      })
      .execute();
  });
  return { id };
}

/**
 * Sets what an agent does, as customers see it.
 * @param role null: nothing
 * @throws ContinuoError `bad_request`; `not_found`
 */
export async function setAgentRole(rt: AdminRuntime, agentId: string, role: string | null): Promise<void> {
  const checked = checkRole(role);
  await rt.store.write(async ({ db }) => {
    const row = await db
      .updateTable('agents')
      .set({ role: checked })
      .where('id', '=', agentId)
      .returning('id')
      .executeTakeFirst();
    if (!row) throw new ContinuoError('not_found', { detail: `There is no agent ${agentId}` });
  });
}
