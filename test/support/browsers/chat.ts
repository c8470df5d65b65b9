import { expect } from 'vitest';
import { SOON } from '../patience.ts';
import type { Tab } from './browser.ts';

/** What a visitor finds of the widget in a tab, looked at through its open shadow root. */
export const chatIn = (tab: Tab) => {
  /** The place of the first thing that matches and is named so; null where there is none to be seen. */
  const find = (selector: string, name = '') =>
    tab.run(
      (wanted, named) => {
        const root = document.querySelector('continuo-chat')?.shadowRoot;
        for (const element of root?.querySelectorAll<HTMLElement>(wanted) ?? []) {
          const { x, y, width, height } = element.getBoundingClientRect();
          const called = element.ariaLabel ?? element.textContent.trim();
          if (width && height && (!named || called === named)) return { x, y, width, height };
        }
        return null;
      },
      selector,
      name,
    );
  const visible = (selector: string, name?: string) =>
    expect.poll(() => find(selector, name), { ...SOON, message: `${selector} ${name ?? ''}` });

  return {
    tab,
    find,
    async shows(selector: string, name?: string) {
      await visible(selector, name).not.toBeNull();
    },
    async hides(selector: string, name?: string) {
      await visible(selector, name).toBeNull();
    },
    async click(selector: string, name?: string) {
      await visible(selector, name).not.toBeNull();
      const { x, y, width, height } = (await find(selector, name)) ?? { x: 0, y: 0, width: 0, height: 0 };
      await tab.clickAt({ x: x + width / 2, y: y + height / 2 });
    },
    /** A property of the computed style of the first that matches. */
    style: (selector: string, property: string): Promise<string> =>
      tab.run(
        (wanted, name) => {
          const element = document.querySelector('continuo-chat')?.shadowRoot?.querySelector(wanted);
          return element ? getComputedStyle(element).getPropertyValue(name) : '';
        },
        selector,
        property,
      ),
    /** Waits until the focus is in what matches. */
    async focused(selector: string) {
      const now = () =>
        tab.run(
          (wanted) =>
            document.querySelector('continuo-chat')?.shadowRoot?.activeElement?.matches(wanted) ?? false,
          selector,
        );
      await expect.poll(now, { ...SOON, message: `focus in ${selector}` }).toBe(true);
    },
    /** The messages as they are shown, oldest first. */
    messages: (): Promise<string[]> =>
      tab.run(() => {
        const root = document.querySelector('continuo-chat')?.shadowRoot;
        return [...(root?.querySelectorAll<HTMLElement>('article') ?? [])].map((one) => one.textContent);
      }),
    /** Waits for a message with these words, and for what stands beside them. */
    async message(text: string, beside: RegExp = /./) {
      const found = async () => (await this.messages()).find((one) => one.includes(text)) ?? '';
      await expect.poll(found, { ...SOON, message: text }).toMatch(beside);
    },
    async open() {
      await this.click('[part=launcher]');
      await this.shows('textarea');
    },
    /** Writes where the focus is, and sends. */
    async send(text: string) {
      await this.focused('textarea');
      await tab.type(text);
      await tab.press('Enter');
    },
  };
};
export type Chat = ReturnType<typeof chatIn>;
