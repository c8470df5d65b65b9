/** What a network was asked to send. */
export interface NetworkRequest {
  to: string;
  text: string;
  metadata: string;
  link: string | null;
  choices: string[];
  tag: string | null;
}

/** A network in memory, spoken to through `fetch` as Messenger's API is. */
export interface Network {
  fetch: typeof fetch;
  /** What arrived there, in order. */
  requests: NetworkRequest[];
  /** How it answers; the default takes everything. */
  answer: (request: NetworkRequest, messageId: string) => Response | Promise<Response>;
}

interface SendBody {
  recipient: { id: string };
  tag?: string;
  message: {
    text?: string;
    metadata: string;
    quick_replies?: { payload: string }[];
    attachment?: { payload: { text: string; buttons: { url: string }[] } };
  };
}

const readRequest = (body: SendBody): NetworkRequest => {
  const { text, metadata, quick_replies: replies = [], attachment } = body.message;
  return {
    to: body.recipient.id,
    text: text ?? attachment?.payload.text ?? '',
    metadata,
    link: attachment?.payload.buttons[0]?.url ?? null,
    choices: replies.map(({ payload }) => payload),
    tag: body.tag ?? null,
  };
};

export const accept = (messageId: string): Response =>
  Response.json({ recipient_id: '24', message_id: messageId });

export const refuse = (code: number, subcode = 0, headers: Record<string, string> = {}): Response =>
  Response.json({ error: { code, error_subcode: subcode, message: 'refused' } }, { status: 400, headers });

export const cut = (code: string): never => {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
};

export const createNetwork = (): Network => {
  const network: Network = {
    requests: [],
    answer: (_request, messageId) => accept(messageId),
    async fetch(_input, init) {
      if (init?.method !== 'POST') return Response.json({ first_name: 'Ana', last_name: 'Li' });
      const body: SendBody = JSON.parse(String(init.body));
      const request = readRequest(body);
      network.requests.push(request);
      return network.answer(request, `m_${network.requests.length}`);
    },
  };
  return network;
};
