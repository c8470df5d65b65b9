import type { Language } from '../locales/locale.ts';
import css from './greeting.css';

/** A live region tells what comes into it later than itself (ms). */
const TOLD_AFTER_MS = 250;

const AWAY: Readonly<Record<Language, string>> = {
  en: 'Dismiss',
  ar: 'تجاهل',
  fa: 'رد کردن',
  hi: 'हटाएँ',
  he: 'סגירה',
};

const awayIn = (lang: string): string =>
  Object.entries(AWAY).find(([language]) => lang.split('-')[0] === language)?.[1] ?? AWAY.en;

export interface DrawnGreeting {
  host: HTMLElement;
  text: string;
  /** `light` or `dark`. @default what `prefers-color-scheme` says */
  theme?: string | undefined;
  open(): void;
}

const button = (text: string): HTMLButtonElement => {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  return made;
};

/** Draws a small bubble above the launcher, which opens the chat. It takes no focus. Returns how to take it away. */
export const drawGreeting = (root: ShadowRoot, { host, text, theme, open }: DrawnGreeting): (() => void) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
  const box = document.createElement('div');
  const told = document.createElement('div');
  const press = button(text);
  const away = button('✕');
  box.className = 'greets';
  box.part = 'greeting';
  if (theme === 'light' || theme === 'dark') box.style.colorScheme = theme;
  told.role = 'status';
  press.dir = 'auto';
  away.className = 'away';
  away.ariaLabel = awayIn(host.lang);
  const takeAway = () => {
    if (!box.isConnected) return;
    if (box.contains(root.activeElement)) root.querySelector<HTMLElement>('[part="launcher"]')?.focus();
    box.remove();
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
  };
  press.onclick = () => {
    takeAway();
    open();
  };
  away.onclick = takeAway;
  box.onkeydown = ({ key }) => key === 'Escape' && takeAway();
  box.append(told, away);
  root.append(box);
  setTimeout(() => told.append(press), TOLD_AFTER_MS);
  return takeAway;
};
