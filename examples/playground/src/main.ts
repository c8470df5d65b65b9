import { find } from './find.ts';
import { ACCENT, type Chosen, changed, OPTIONS, type Option } from './options.ts';
import { snippets } from './snippets.ts';
import { STATES } from './states.ts';

const { baseUrl = '', channel = '' } = find('playground', HTMLElement).dataset;
const form = find('options', HTMLFormElement);
const direction = find('direction', HTMLSelectElement);
const code = find('code', HTMLElement);
const news = find('news', HTMLElement);

const field = ({ name, label, values }: Option): HTMLElement => {
  const input = document.createElement(values ? 'select' : 'input');
  if (input instanceof HTMLInputElement) Object.assign(input, { type: 'color', value: ACCENT });
  else input.append(...Object.entries(values ?? {}).map(([value, text]) => new Option(text, value)));
  input.name = name;
  const box = document.createElement('label');
  box.append(label, input);
  return box;
};

const chosen = (): Chosen =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));

const boot = (): void => {
  window.Continuo?.('boot', { channel, ...Object.fromEntries(changed(chosen())) });
};

const kinds = find('kinds', HTMLElement);
const write = (): void => {
  const kind = kinds.querySelector<HTMLInputElement>('input:checked')?.value ?? '';
  const texts = snippets({ baseUrl: baseUrl.replace(/\/$/, ''), channel, chosen: chosen() });
  code.textContent = Object.entries(texts).find(([name]) => name === kind)?.[1] ?? '';
};

const copy = async (): Promise<void> => {
  try {
    await navigator.clipboard.writeText(code.textContent ?? '');
    news.textContent = 'Copied.';
  } catch {
    getSelection()?.selectAllChildren(code);
    news.textContent = 'Marked: copy it with the keyboard.';
  }
};

const stateButton = ([name, take]: (typeof entries)[number]): HTMLElement => {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: name });
  button.addEventListener('click', async () => {
    news.textContent = '';
    try {
      await take({ baseUrl, channel, boot });
      news.textContent = `State: ${name}.`;
    } catch (error) {
      news.textContent = `That did not work: ${String(error)}`;
    }
  });
  return button;
};

const entries = Object.entries(STATES);
form.append(...OPTIONS.map(field));
find('states', HTMLElement).append(...entries.map(stateButton));
form.addEventListener('change', () => {
  boot();
  write();
});
direction.addEventListener('change', () => {
  document.documentElement.dir = direction.value;
});
kinds.addEventListener('change', write);
find('copy', HTMLButtonElement).addEventListener('click', () => void copy());
find('open', HTMLButtonElement).addEventListener('click', () => window.Continuo?.('open'));
write();
boot();
