/** @jsxImportSource react */
import type { Client } from '@continuo/core';
import { useStore } from '@nanostores/react';
import { useEffect } from 'react';
import { Composer } from './Composer.tsx';
import { Line } from './Line.tsx';

/** A whole chat: each part reads the stores that it shows. */
export const Chat = ({ client }: { client: Client }) => {
  const messages = useStore(client.$messages);
  const connection = useStore(client.$connection);
  const agent = useStore(client.$agent);
  const typing = useStore(client.$typing);
  const { agentRead } = useStore(client.$positions);
  useEffect(() => {
    if (messages.length > 0) client.markRead();
  }, [client, messages]);
  return (
    <main>
      <h1>{agent ? agent.name : 'Chat'}</h1>
      <p role="status">{connection === 'online' || connection === 'idle' ? '' : `${connection}…`}</p>
      <ol className="log" aria-label="Messages" aria-live="polite">
        {messages.map((item) => (
          <Line key={item.key} item={item} client={client} agentRead={agentRead} />
        ))}
      </ol>
      <p role="status">{typing ? `${typing.name} is typing…` : ''}</p>
      <Composer client={client} />
    </main>
  );
};
