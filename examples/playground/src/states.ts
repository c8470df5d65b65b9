import { type Client, createClient } from '@continuo/core';
import { setOffline } from './offline.ts';

/** Where the playground's chat is. */
export interface Place {
  baseUrl: string;
  channel: string;
  /** Draws the widget anew, with what was chosen. */
  boot(): void;
}

const post = async (path: string, body?: unknown): Promise<void> => {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, { method: 'POST', ...(body === undefined ? {} : json) });
  if (!response.ok) throw new Error(`The server answered ${response.status}`);
};

/** The agent and the network are there. */
const settle = async (): Promise<void> => {
  setOffline(false);
  await post('agent/come');
};

/** The conversation's id, once the server has what was written. */
const taken = ({ $conversation, $messages }: Client): Promise<string> =>
  new Promise((resolve) => {
    const look = () => {
      const id = $conversation.get()?.id;
      if (id && $messages.get().some(({ seq }) => seq !== null)) resolve(id);
    };
    $conversation.listen(look);
    $messages.listen(look);
    look();
  });

/** A customer asks and an agent answers, on this device, as the widget would. */
const converse = async ({ baseUrl, channel }: Place): Promise<void> => {
  const client = createClient({ baseUrl, channelKey: channel });
  try {
    await client.open();
    client.send('Where is my order?');
    await post('agent/answer', { conversation: await taken(client) });
  } finally {
    client.destroy();
  }
};

const forget = async (): Promise<void> => {
  await window.Continuo?.('shutdown');
};
const show = ({ boot }: Place): void => {
  boot();
  window.Continuo?.('open');
};

/** What the buttons do, by their names. */
export const STATES: Readonly<Record<string, (place: Place) => Promise<void>>> = {
  Empty: async (place) => {
    await settle();
    await forget();
    show(place);
  },
  Conversation: async (place) => {
    await settle();
    await forget();
    await converse(place);
    show(place);
  },
  Offline: async () => {
    window.Continuo?.('open');
    setOffline(true);
  },
};
