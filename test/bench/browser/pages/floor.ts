/** What a panel with a place to write costs at least with Preact: no network, no storage, no languages. */
import { h, render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

const CSS = `
.panel { position: fixed; inset: auto 20px 88px auto; inline-size: 384px; block-size: 640px; display: flex; flex-direction: column;
  font: 15px/1.5 system-ui, sans-serif; color: #1d1b19; background: #fff; border: 1px solid #e4dfd9; border-radius: 18px; }
.header { padding: 14px 16px; border-block-end: 1px solid #e4dfd9; }
.log { flex: 1; display: flex; flex-direction: column-reverse; padding: 20px; background: #f6f4f1; }
.composer { display: flex; gap: 8px; padding: 10px 12px; border-block-start: 1px solid #e4dfd9; }
textarea { flex: 1; font: inherit; }`;

const Panel = () => {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  useEffect(() => field.current?.focus(), []);
  return h(
    'div',
    { class: 'panel', role: 'dialog' },
    h('div', { class: 'header' }, h('h2', null, 'Bench'), h('button', { type: 'button' }, '×')),
    h('div', { class: 'log', role: 'log' }, h('p', null, 'Hello! How can we help?')),
    h(
      'form',
      { class: 'composer' },
      h('textarea', {
        ref: field,
        rows: 1,
        value: text,
        onInput: (event: Event) => setText(String(Reflect.get(event.currentTarget ?? {}, 'value'))),
      }),
      h('button', { type: 'submit' }, '→'),
    ),
  );
};

export const open = (): void => {
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
  document.documentElement.append(host);
  render(h(Panel, null), root);
};
