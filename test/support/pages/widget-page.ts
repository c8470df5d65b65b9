import type { Locator, Page } from 'playwright-core';

/** The widget as a customer finds it: by roles and names, through its open shadow root. */
export const widgetPage = (page: Page) => {
  const dialog = page.getByRole('dialog');
  return {
    page,
    dialog,
    launcher: page.getByRole('button', { name: /^Open chat/ }),
    composer: dialog.getByRole('textbox', { name: 'Message' }),
    log: dialog.getByRole('log'),
    button: (name: string | RegExp): Locator => dialog.getByRole('button', { name }),
    message: (text: string): Locator => dialog.getByRole('article').filter({ hasText: text }),
    async open() {
      await this.launcher.click();
      await dialog.waitFor();
    },
    /** Open, whether the page opens it by itself again or not. */
    async reopen() {
      await page.waitForFunction(() => Reflect.get(window, 'Continuo')?.push);
      await page.evaluate(() => Reflect.get(window, 'Continuo')?.('open'));
      await dialog.waitFor();
    },
    async send(text: string) {
      await this.composer.fill(text);
      await this.composer.press('Enter');
    },
    /** The texts of the messages, oldest first. */
    texts: (): Promise<string[]> => dialog.locator('article p').allInnerTexts(),
  };
};
export type WidgetPage = ReturnType<typeof widgetPage>;
