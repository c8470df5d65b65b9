export { addAgent, type NewAgent } from './admin/add-agent.ts';
export { addChannel, type NewChannel } from './admin/add-channel.ts';
export { type AdminRuntime, addWorkspace, changeSettings } from './admin/add-workspace.ts';
export {
  addIdentitySecret,
  type IdentitySecret,
  listIdentitySecrets,
  removeIdentitySecret,
} from './admin/identity-secrets.ts';
export { ConfigError } from './config/check.ts';
export type { Config, WorkspaceSettings } from './config/config.ts';
export { loadConfig } from './config/load.ts';
export { ContinuoError, type ErrorDetails } from './errors.ts';
export type { Runtime } from './runtime.ts';
export { createServer, type Outside, type Server } from './server.ts';
