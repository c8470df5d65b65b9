import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBrowser, type FakeTab } from '../test-support/browser.ts';
import { begin, texts, until } from '../test-support/world.ts';

const STEPS = [
  'open',
  'open',
  'write',
  'write',
  'write',
  'agent',
  'crash',
  'away',
  'back',
  'hide',
  'show',
] as const;
const FAULTS = ['none', 'none', 'none', 'loseRequest', 'loseAnswer', 'cut'] as const;

/** What a network does to requests, in turn. */
const move = fc.record({
  step: fc.constantFrom(...STEPS),
  tab: fc.nat(3),
  fault: fc.constantFrom(...FAULTS),
  /** Turns of the event loop before the next. */
  pause: fc.nat(12),
});

test('whatever tabs, network and people do: each message is in the log once, in the order written, and every tab shows the log', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 4, maxLength: 24 }), async (moves) => {
      const server = await begin();
      const browser = createBrowser(server);
      let fault: (typeof FAULTS)[number] = 'none';
      server.intercept = (heard, response) => {
        const isHit = fault !== 'none' && heard.path.endsWith('/messages');
        if (!isHit) return false;
        const isKnown = server.log.some(
          (event) => event.type === 'message' && event.clientId === heard.json.clientId,
        );
        if (fault === 'loseAnswer' && !isKnown) server.store(heard);
        if (fault === 'cut') server.cut();
        fault = 'none';
        response.destroy();
        return true;
      };
      const tabs: (FakeTab & { isGone: boolean; writer: number })[] = [];
      const written: string[] = [];
      const open = async () => {
        const tab = Object.assign(browser.openTab(), { isGone: false, writer: tabs.length });
        tabs.push(tab);
        await tab.client.open();
      };
      await open();
      for (const { step, tab: pick, pause, ...more } of moves) {
        fault = more.fault === 'none' ? fault : more.fault;
        const living = tabs.filter(({ isGone }) => !isGone);
        const tab = living[pick % living.length];
        if (!tab || (step === 'open' && living.length < 4)) await open();
        else if (step === 'write') {
          const text = `${tab.writer}:${written.length}`;
          tab.client.send(text);
          // Until it is stored, it is only in the person's mind.
          await until(async () =>
            expect(
              JSON.stringify(await browser.storage.list('web_1/outbox/')) + JSON.stringify(server.log),
            ).toContain(text),
          );
          written.push(text);
        } else if (step === 'agent' && server.log.length > 0) server.say(`agent ${server.log.length}`);
        else if (step === 'crash') {
          tab.crash();
          tab.isGone = true;
        } else if (step === 'away') tab.tell('sleep');
        else if (step === 'hide') tab.tell('hidden');
        else tab.tell('visible');
        for (let n = 0; n < pause; n++) await new Promise(setImmediate);
      }
      fault = 'none';
      if (tabs.every(({ isGone }) => isGone)) await open();
      for (const tab of tabs) if (!tab.isGone) tab.tell('visible');
      const mine = () => server.log.flatMap((event) => (event.type === 'message' ? [event.text] : []));
      for (const tab of tabs) {
        if (!tab.isGone)
          await until(() =>
            expect(texts(tab.client).sort()).toEqual([...new Set([...mine(), ...written])].sort()),
          );
      }
      const said = mine().filter((text) => !text.startsWith('agent'));
      expect(said).toEqual(written);
      for (const tab of tabs) if (!tab.isGone) expect(texts(tab.client)).toEqual(mine());
      for (const tab of tabs) tab.client.destroy();
    }),
    { numRuns: 40 },
  );
}, 120_000);
