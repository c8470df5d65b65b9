/** @jsxImportSource react */
'use client';

import { useContinuo } from '@continuo/widget/react';
import { useEffect, useState } from 'react';

export interface SupportProps {
  baseUrl: string;
  channel: string;
}

/** On the server the hook gives null and the button does nothing; in the browser the chat is there for as long as this is drawn. */
export const Support = ({ baseUrl, channel }: SupportProps) => {
  const chat = useContinuo({ baseUrl, channel });
  const [unread, setUnread] = useState(0);
  useEffect(() => chat?.on('unread', setUnread), [chat]);
  return (
    <button type="button" onClick={() => chat?.open()}>
      Ask us ({unread} new)
    </button>
  );
};
