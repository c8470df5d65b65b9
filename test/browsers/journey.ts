import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tab, TestBrowser } from '../support/browsers/browser.ts';
import { type Chat, chatIn } from '../support/browsers/chat.ts';
import { type Stage, startStage } from '../support/browsers/stage.ts';
import { messengerCustomer } from '../support/messenger-customer.ts';
import { SOON } from '../support/patience.ts';

const SENT = /(Sent|Read)$/;
const WAITING = /Waiting to be sent|Sending/;
const LAUNCHER = '[part=launcher]';

/** Where a line of the list is on the screen; null where it is not drawn. */
const topOf = ({ tab }: Chat, text: string): Promise<number | null> =>
  tab.run((wanted) => {
    const root = document.querySelector('continuo-chat')?.shadowRoot;
    const line = [...(root?.querySelectorAll<HTMLElement>('article') ?? [])].find((one) =>
      one.textContent.includes(wanted),
    );
    return line ? Math.round(line.getBoundingClientRect().top) : null;
  }, text);

/** A line in the middle of the view, once all in it is drawn. */
const lineInView = ({ tab }: Chat): Promise<{ text: string; top: number }> =>
  tab.run(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    const root = document.querySelector('continuo-chat')?.shadowRoot;
    const { top = 0, height = 0 } = root?.querySelector('.log')?.getBoundingClientRect() ?? {};
    for (const line of root?.querySelectorAll('article') ?? []) {
      const at = Math.round(line.getBoundingClientRect().top);
      if (at > top + height / 3) return { text: line.querySelector('.bubble')?.textContent ?? '', top: at };
    }
    return { text: '', top: 0 };
  });

const scrollLog = ({ tab }: Chat, by: number): Promise<void> =>
  tab.run((pixels) => {
    document.querySelector('continuo-chat')?.shadowRoot?.querySelector('.log')?.scrollBy(0, pixels);
  }, by);

/** A visitor's journey on the strictest page, in a browser that is not Chromium. Each test is a device of its own. */
export const journeyIn = (launch: () => Promise<TestBrowser>): void => {
  let stage: Stage;
  let browser: TestBrowser;
  let tabs: Tab[] = [];

  const visit = async (path = '/'): Promise<Chat> => {
    const tab = await browser.device();
    tabs.push(tab);
    await tab.goto(path.startsWith('http') ? path : stage.brand.url + path);
    return chatIn(tab);
  };
  const errorsOf = (tab: Tab) => tab.run(() => sessionStorage.getItem('errors') ?? '');

  /** A test that leaves pictures in `test-results/` if it fails, and in which no page may have complained. */
  const step = (title: string, run: () => Promise<void>) =>
    test(title, async () => {
      tabs = [];
      try {
        await run();
        expect(await Promise.all(tabs.map(errorsOf))).toEqual(tabs.map(() => ''));
      } catch (error) {
        mkdirSync('test-results', { recursive: true });
        for (const [index, tab] of tabs.entries()) {
          const file = `test-results/${browser.name}-${title.replace(/\W+/g, '-')}-${index}.png`;
          await tab.screenshot().then((png) => writeFileSync(file, png), String);
        }
        throw error;
      } finally {
        await Promise.all(tabs.map((tab) => tab.close()));
      }
    });

  beforeAll(async () => {
    browser = await launch();
    stage = await startStage();
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  step('opened by a press, written in, answered, and there again after a reload', async () => {
    const chat = await visit();
    await chat.open();
    await chat.focused('textarea');
    await chat.send('Do you deliver to Samarkand?');
    await chat.message('Do you deliver to Samarkand?', SENT);
    const conversation = await stage.newestConversation();
    await chat.tab.type('And');
    await stage.sara.reply(conversation, 'We do, within ten days.');
    await chat.message('We do, within ten days.');
    await chat.focused('textarea');
    await chat.tab.reload();
    await chat.message('Do you deliver to Samarkand?', SENT);
    await chat.message('We do, within ten days.');
    const draft = () =>
      chat.tab.run(
        () => document.querySelector('continuo-chat')?.shadowRoot?.querySelector('textarea')?.value,
      );
    await expect.poll(draft, SOON).toBe('And');
  });

  step('looks as it should: colours of the brand, in its corner, the newest at the bottom', async () => {
    const chat = await visit();
    await chat.open();
    await chat.send('Hello');
    await chat.message('Hello', SENT);
    // The default accent, whether or not relative colours are known.
    expect(await chat.style('.send', 'background-color')).not.toMatch(/rgba\(0, 0, 0, 0\)|transparent/);
    expect(await chat.style('[data-mine] .bubble', 'background-color')).toBe(
      await chat.style('.send', 'background-color'),
    );
    expect(await chat.style('.panel', 'position')).toBe('fixed');
    const panel = await chat.find('.panel');
    const composer = await chat.find('.composer');
    const line = await chat.find('article');
    const list = await chat.find('.log');
    const width = await chat.tab.run(() => innerWidth);
    expect(panel && width - panel.x - panel.width).toBeLessThan(60);
    expect(composer && panel && composer.y + composer.height <= panel.y + panel.height).toBe(true);
    // Little was said: it begins at the top.
    expect(line && list && line.y - list.y).toBeLessThan(100);
  });

  step(
    'a long conversation opens at its newest line, and what is read stays while earlier ones come',
    async () => {
      const chat = await visit();
      await chat.open();
      await chat.send('Tell me everything.');
      await chat.message('Tell me everything.', SENT);
      const conversation = await stage.newestConversation();
      for (let number = 1; number <= 120; number++)
        await stage.sara.reply(conversation, `Line ${number} of 120.`);
      await chat.message('Line 120 of 120.');
      await chat.tab.reload();
      await chat.message('Line 120 of 120.');
      const list = await chat.find('.log');
      const bottom = list ? list.y + list.height : 0;
      await expect.poll(() => topOf(chat, 'Line 120 of 120.'), SOON).toBeLessThan(bottom);
      await stage.sara.reply(conversation, 'One more.');
      await expect.poll(() => topOf(chat, 'One more.'), SOON).toBeLessThan(bottom);
      // Scrolled away from the newest, the reader is left in peace.
      await scrollLog(chat, -500);
      await chat.shows('.pill');
      const read = await lineInView(chat);
      await stage.sara.reply(conversation, 'And another.');
      await chat.shows('.pill', '1 new message');
      expect(Math.abs(((await topOf(chat, read.text)) ?? 0) - read.top)).toBeLessThan(3);
      // To the very beginning, page by page.
      const first = async () => {
        await scrollLog(chat, -2000);
        return (await chat.messages())[0];
      };
      await expect.poll(first, SOON).toContain('Tell me everything.');
    },
  );

  step('while the server is away the message waits, and is sent once', async () => {
    const chat = await visit();
    await chat.open();
    await chat.send('Before.');
    await chat.message('Before.', SENT);
    const conversation = await stage.newestConversation();
    await stage.server.kill();
    await chat.send('Written in a tunnel.');
    await chat.message('Written in a tunnel.', WAITING);
    await stage.server.start();
    await chat.message('Written in a tunnel.', SENT);
    const { body } = await stage.sara.request('GET', `/v1/inbox/conversations/${conversation}/history`);
    const texts = body.events.map(({ text }: { text?: string }) => text);
    expect(texts.filter((text: unknown) => text === 'Written in a tunnel.')).toHaveLength(1);
    if (!chat.tab.setOffline) return;
    await chat.tab.setOffline(true);
    await chat.send('Without a network.');
    await chat.message('Without a network.', WAITING);
    await chat.tab.setOffline(false);
    await chat.message('Without a network.', SENT);
  });

  step('in Arabic, from right to left, each paragraph by its own direction', async () => {
    const chat = await visit('/ar');
    await chat.shows(LAUNCHER, 'محادثة');
    const launcher = await chat.find(LAUNCHER);
    expect(launcher?.x).toBeLessThan(100);
    await chat.open();
    expect(await chat.style('.panel', 'direction')).toBe('rtl');
    expect(await chat.style('textarea', 'direction')).toBe('rtl');
    await chat.tab.type('Order 4711');
    await expect.poll(() => chat.style('textarea', 'direction'), SOON).toBe('ltr');
    await chat.send('');
    await chat.message('Order 4711');
    await chat.send('لم يصل بعد');
    await chat.message('لم يصل بعد');
    const directions = () =>
      chat.tab.run(() =>
        [...(document.querySelector('continuo-chat')?.shadowRoot?.querySelectorAll('.bubble p') ?? [])].map(
          (paragraph) => getComputedStyle(paragraph).direction,
        ),
      );
    await expect.poll(directions, SOON).toEqual(['ltr', 'rtl']);
  });

  step('by keys alone: opened, written in, closed; the focus comes back to the launcher', async () => {
    const chat = await visit();
    await chat.shows(LAUNCHER);
    await chat.tab.run(() => document.querySelector('button')?.focus());
    await chat.tab.press('Tab');
    await chat.focused(LAUNCHER);
    await chat.tab.press('Enter');
    await chat.send('Typed without a mouse.');
    await chat.message('Typed without a mouse.', SENT);
    await chat.tab.press('Tab');
    await chat.focused('.send');
    await chat.tab.press('Escape');
    await chat.hides('.panel');
    await chat.focused(LAUNCHER);
  });

  step('a conversation from Messenger is carried on by its link, after a question', async () => {
    const amina = messengerCustomer(stage, { firstName: 'Amina', lastName: 'Karimova' });
    amina.write('My order 4711 came with the wrong beans.');
    const mine = async () => {
      const { body } = await stage.sara.request('GET', '/v1/inbox/conversations');
      return body.conversations.find(
        ({ customer }: { customer: { name: string } }) => customer.name === 'Amina Karimova',
      )?.id;
    };
    await expect.poll(mine, SOON).toBeDefined();
    const conversation = await mine();
    await stage.sara.reply(conversation, 'I am sorry to hear that.');
    const offer = await stage.sara.request('POST', `/v1/inbox/conversations/${conversation}/handoffs`, {
      clientId: randomUUID(),
    });
    expect(offer.status).toBe(201);
    const chat = await visit(await amina.receivedLink());
    await chat.shows('h3');
    expect(await chat.tab.run(() => location.hash)).toBe('');
    await chat.click('button', 'Continue');
    await chat.message('My order 4711 came with the wrong beans.');
    await chat.message('I am sorry to hear that.');
    await chat.click('textarea');
    await chat.send('Here I am.');
    await chat.message('Here I am.', SENT);
  });
};
