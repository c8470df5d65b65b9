export { DEMO_APP, DEMO_PAGE, DEMO_VERIFY_TOKEN } from './defaults.ts';
export { addDemoCustomers } from './demo-customers.ts';
export { simulatorPlugin } from './plugin.ts';
export { SEND_LIMITS } from './send-rules.ts';
export { type SimulatorServer, startSimulator } from './server.ts';
export { type NewCustomer, Simulator, type SimulatorOptions } from './simulator.ts';
export {
  type App,
  type Attachment,
  type Button,
  type Customer,
  INBOX_APP_ID,
  type Page,
  type QuickReply,
  type Thread,
  type ThreadMessage,
} from './types.ts';
export { metaJson, signature } from './webhook-wire.ts';
