import type { Customer, Thread } from '../types.ts';

/** `GET control/customers/:psid/thread` */
export interface ThreadView extends Thread {
  customer: Customer;
  /** The simulator's clock. */
  now: number;
}

export interface PageView {
  id: string;
  name: string;
  username: string;
}

const call = async (path: string, init?: RequestInit): Promise<Response> => {
  const response = await fetch(path, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response;
};

const post = (path: string, body: unknown = {}): Promise<Response> =>
  call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const of = (psid: string): string => `control/customers/${encodeURIComponent(psid)}`;

export const loadPages = async (): Promise<PageView[]> => {
  const { pages }: { pages: PageView[] } = await (await call('pages')).json();
  return pages;
};
export const loadCustomers = async (): Promise<Customer[]> => {
  const { customers }: { customers: Customer[] } = await (await call('control/customers')).json();
  return customers;
};
export const loadThread = async (psid: string): Promise<ThreadView> =>
  (await call(`${of(psid)}/thread`)).json();

export const createCustomer = async (person: {
  firstName: string;
  lastName: string;
  locale: string;
}): Promise<Customer> => (await post('control/customers', person)).json();

export const writeText = (psid: string, text: string) => post(`${of(psid)}/messages`, { text });

export const writeImage = async (psid: string, file: File): Promise<void> => {
  const uploaded = await call('control/uploads', {
    method: 'POST',
    headers: { 'content-type': file.type },
    body: file,
  });
  const { url }: { url: string } = await uploaded.json();
  await post(`${of(psid)}/messages`, { attachments: [{ type: 'image', url }] });
};

export const pressButton = (psid: string, mid: string, button: number) =>
  post(`${of(psid)}/press`, { mid, button });
export const pressQuickReply = (psid: string, mid: string, quickReply: number) =>
  post(`${of(psid)}/press`, { mid, quickReply });
export const markRead = (psid: string) => post(`${of(psid)}/read`);
export const getStarted = (psid: string) => post(`${of(psid)}/get-started`);
export const openLink = (psid: string, ref: string) => post(`${of(psid)}/open-link`, { ref });

/** Calls back with the PSID of each thread that changed, and with null after each (re)connection: read anew. */
export const watch = (onChange: (psid: string | null) => void): (() => void) => {
  const source = new EventSource('events');
  source.addEventListener('open', () => onChange(null));
  source.addEventListener('message', ({ data }) => {
    const { psid }: { psid: string } = JSON.parse(String(data));
    onChange(psid);
  });
  return () => source.close();
};
