/** @jsxImportSource react */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test } from 'vitest';
import { ContinuoChat } from './react.ts';
import { until } from './testing/until.ts';

const chats = () => document.querySelectorAll('continuo-chat');

test('in strict mode there is one chat, as long as the component lives, and it follows its language', async () => {
  const root = createRoot(document.createElement('div'));
  const draw = (locale: string) =>
    root.render(
      <StrictMode>
        <ContinuoChat channel="web_1" baseUrl="https://chat.test/" locale={locale} />
      </StrictMode>,
    );
  draw('en');
  await until(() => expect(chats()).toHaveLength(1));
  const [first] = chats();
  draw('ar');
  await until(() => expect(first).toMatchObject({ lang: 'ar' }));
  expect([...chats()]).toEqual([first]);
  root.unmount();
  await until(() => expect(chats()).toHaveLength(0));
});

test('the element is known to JSX', async () => {
  const box = document.createElement('div');
  const root = createRoot(box);
  root.render(<continuo-chat channel="web_1" base-url="https://chat.test/" theme="dark" />);
  const element = () => box.querySelector('continuo-chat');
  await until(() => expect(element()?.getAttribute('base-url')).toBe('https://chat.test/'));
  root.unmount();
});
