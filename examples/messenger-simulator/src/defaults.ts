import type { App, Page } from './types.ts';

/** Invented values that the demo and the tests share. None of them opens anything real. */
export const DEMO_APP: App = { id: '1029384756', secret: 'simulated-app-secret' };
export const DEMO_VERIFY_TOKEN = 'simulated-verify-token';
export const DEMO_PAGE: Page = {
  id: '104857600000001',
  name: 'Nimbus Coffee',
  username: 'nimbuscoffee',
  accessToken: 'simulated-page-access-token',
  humanAgent: true,
};
