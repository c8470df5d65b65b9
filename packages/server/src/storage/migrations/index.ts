import type { Migration } from 'kysely/migration';
import * as initial from './0001-initial.ts';
import * as sharedWork from './0002-shared-work.ts';
import * as files from './0004-files.ts';
import * as service from './0005-service.ts';
import * as afterwards from './0006-afterwards.ts';
import * as logIn from './0007-log-in.ts';
import * as agentReceived from './0008-agent-received.ts';
import * as continueElsewhere from './0009-continue-elsewhere.ts';

/**
 * Every migration under its name. Names sort in the order of running; one that was released never changes.
 *
 * While nodes are replaced one after another, old ones go on with the new tables. So a migration only adds: tables,
 * indexes, and columns that may be null or have a default. What the new version no longer needs is taken away by a
 * migration of a later version, when nobody uses it any more: expand first, contract then. A column gets another
 * meaning or type only as a new column. An old node that is already running goes on; one that starts is refused.
 */
export const migrations: Record<string, Migration> = {
  '0001-initial': initial,
  '0002-shared-work': sharedWork,
  '0004-files': files,
  '0005-service': service,
  '0006-afterwards': afterwards,
  '0007-log-in': logIn,
  '0008-agent-received': agentReceived,
  '0009-continue-elsewhere': continueElsewhere,
};
