/** @jsxImportSource react */
import type { Client } from '@continuo/core';
import { useState } from 'react';

/** Where the customer writes. `send` takes the text in at once and sends it when it can. */
export const Composer = ({ client }: { client: Client }) => {
  const [text, setText] = useState('');
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        client.send(text.trim());
        setText('');
      }}
    >
      <textarea
        aria-label="Message"
        rows={2}
        maxLength={2000}
        dir="auto"
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          client.typing();
        }}
      />
      <button type="submit">Send</button>
    </form>
  );
};
