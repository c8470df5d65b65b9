import type { BrowserContext, Locator, Page } from 'playwright-core';

/** The inbox as an agent finds it. */
export const inboxPage = (page: Page) => ({
  page,
  composer: page.getByRole('textbox', { name: 'Reply' }),
  row: (name: string): Locator => page.getByRole('listitem').filter({ hasText: name }),
  button: (name: string | RegExp): Locator => page.getByRole('button', { name }),
  message: (text: string): Locator => page.getByRole('article').filter({ hasText: text }),
  async openConversation(name: string) {
    await this.row(name).getByRole('link').first().click();
    await this.composer.waitFor();
  },
  async reply(text: string) {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  },
});
export type InboxPage = ReturnType<typeof inboxPage>;

/** Signs in as a person does, by the form. */
export const signIn = async (
  context: BrowserContext,
  { url, email, password }: { url: string; email: string; password: string },
): Promise<InboxPage> => {
  const page = await context.newPage();
  await page.goto(`${url}/inbox/`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  return inboxPage(page);
};
