import { randomUUID } from 'node:crypto';
import type { AgentClient } from '../../support/agent-client.ts';

/** How long a try may take, milliseconds. */
const PATIENCE_MS = 3000;
/** Rest between two tries, milliseconds. */
const REST_MS = 20;

/** An agent who answers over a bad network and says everything again, under the same id, until it is acknowledged. */
export interface ScheduleAgent {
  /** What was acknowledged: conversation, seq and text. */
  acknowledged: { conversationId: string; seq: number; text: string }[];
  reply(conversationId: string, text: string): void;
  /** Replies that are not acknowledged yet. */
  waiting(): number;
  close(): void;
}

/** @param url where the agent reaches the server */
export const createScheduleAgent = (sara: AgentClient, url: string): ScheduleAgent => {
  const life = new AbortController();
  let waiting = 0;
  let queue = Promise.resolve();

  const post = async (conversationId: string, body: { clientId: string; text: string }) => {
    const answer = await sara.fetch(`${url}/v1/inbox/conversations/${conversationId}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.any([life.signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    if (!answer.ok) throw new Error(`answered with ${answer.status}`);
    return answer.json();
  };

  const persist = async (conversationId: string, text: string): Promise<void> => {
    const clientId = randomUUID();
    while (!life.signal.aborted) {
      try {
        const { event } = await post(conversationId, { clientId, text });
        agent.acknowledged.push({ conversationId, seq: event.seq, text });
        waiting -= 1;
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, REST_MS));
      }
    }
  };

  const agent: ScheduleAgent = {
    acknowledged: [],
    reply(conversationId, text) {
      waiting += 1;
      queue = queue.then(() => persist(conversationId, text));
    },
    waiting: () => waiting,
    close: () => life.abort(),
  };
  return agent;
};
