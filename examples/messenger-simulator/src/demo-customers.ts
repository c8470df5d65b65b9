import type { NewCustomer, Simulator } from './simulator.ts';

/** The people of the demo, one a language. */
export const DEMO_CUSTOMERS: readonly NewCustomer[] = [
  { firstName: 'أمينة', lastName: 'حداد', locale: 'ar_AR' },
  { firstName: 'Daniel', lastName: 'Brooks', locale: 'en_US' },
  { firstName: 'प्रिया', lastName: 'नायर', locale: 'hi_IN' },
  { firstName: 'رضا', lastName: 'کریمی', locale: 'fa_IR' },
];

/** Puts them in where nobody is yet. */
export const addDemoCustomers = (simulator: Simulator): void => {
  if (simulator.customers().length > 0) return;
  for (const customer of DEMO_CUSTOMERS) simulator.createCustomer(customer);
};
