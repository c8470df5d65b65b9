import { cleanup, render } from '@testing-library/preact';
import { afterEach, expect, test } from 'vitest';
import { ContinuoChat } from './preact.ts';
import { until } from './testing/until.ts';

afterEach(cleanup);

const widgets = () => document.querySelectorAll('continuo-chat');

test('the chat lives as long as the component, and follows its language', async () => {
  const options = { channel: 'web_1', baseUrl: 'https://chat.test/' };
  const { rerender, unmount } = render(<ContinuoChat {...options} locale="en" />);
  await until(() => expect(widgets().length).toBe(1));
  const [first] = widgets();
  rerender(<ContinuoChat {...options} locale="ar" />);
  await until(() => expect(first).toMatchObject({ lang: 'ar' }));
  unmount();
  await until(() => expect(widgets().length).toBe(0));
});

test('the element is known to JSX', () => {
  const { container } = render(<continuo-chat channel="web_1" base-url="https://chat.test/" theme="dark" />);
  expect(container.querySelector('continuo-chat')?.getAttribute('theme')).toBe('dark');
});
