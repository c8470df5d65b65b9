import { afterEach, expect, test, vi } from 'vitest';
import './element.ts';

const draw = (attributes: Record<string, string>) => {
  const element = document.createElement('continuo-chat');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.body.append(element);
  return element;
};

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

test('an element with a channel carries a widget where it stands', () => {
  const element = draw({ channel: 'web_1', 'base-url': 'https://chat.test/', locale: 'ar' });
  expect(element.parentElement).toBe(document.body);
  expect(element.shadowRoot?.querySelector('button')?.ariaLabel).toBe('محادثة');
});

test('one without a channel is left to whoever made it', () => {
  expect(draw({}).widget).toBeNull();
});

test('moved, it stays; taken out, it ends; put back, it begins anew', () => {
  vi.useFakeTimers();
  const element = draw({ channel: 'web_1', 'base-url': 'https://chat.test/' });
  const first = element.widget;
  const box = document.createElement('div');
  document.body.append(box);
  box.append(element);
  vi.runAllTimers();
  expect(element.widget).toBe(first);
  element.remove();
  vi.runAllTimers();
  expect(element.widget).toBeNull();
  document.body.append(element);
  expect(element.widget).not.toBeNull();
});
