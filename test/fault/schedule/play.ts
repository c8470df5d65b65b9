import { expect } from 'vitest';
import { createDice } from '../../support/dice.ts';
import { byChance } from '../../support/fault-proxy.ts';
import type { Act } from './acts.ts';
import { type Scene, tryToSteal } from './scene.ts';

/** Carries out acts of one schedule. */
export const createPlayer = (scene: Scene, seed: number) => {
  const { devices, amina, agent, proxy, nodes, simulator } = scene;
  const dice = createDice(seed);
  let count = 0;
  let stopping = Promise.resolve();

  const next = (who: string) => `${who} says ${++count}.`;
  const repeat = (times: number, act: () => void) => {
    for (let n = 0; n < times; n += 1) act();
  };
  const conversationOf = (whose: 'amina' | 'visitor') =>
    whose === 'amina' ? amina.conversationId : scene.visitorConversation();

  const resolve = async (id: string) => {
    await scene.sara.request('POST', `/v1/inbox/conversations/${id}/resolve`).catch(() => {});
  };
  const steal = async () => {
    for (const token of amina.tokens) {
      const status = await tryToSteal(scene, token).catch(() => null);
      expect([null, 410, 409, 503]).toContain(status);
    }
  };
  /** Ends a server and has it back, while the schedule goes on. */
  const renew = ({ do: how, node }: { do: 'kill' | 'restart'; node: number }) => {
    const server = nodes[node % nodes.length];
    stopping = stopping.then(async () => {
      await (how === 'kill' ? server?.kill() : server?.stop());
      await server?.start();
    });
  };

  const onDevice = async (act: Extract<Act, { device: string }>) => {
    const device = devices[act.device];
    if (act.do === 'write') repeat(act.times, () => device.write(next(act.device)));
    if (act.do === 'read') device.read();
    if (act.do === 'reload') await device.reload();
    if (act.do === 'skew') device.skew(act.ms);
    if (act.do === 'hide') device.tell('hidden');
    if (act.do === 'show') device.tell('visible');
    if (act.do === 'lose network') device.tell('offline');
    if (act.do === 'have network') device.tell('online');
  };
  const onNetwork = (act: Act) => {
    if (act.do === 'network') proxy.decide = byChance(dice, { share: act.share, faults: [act.fault] });
    if (act.do === 'cut') proxy.cut();
    if (act.do === 'block') proxy.block(true);
    if (act.do === 'mute') proxy.mute(true);
    if (act.do === 'heal') {
      proxy.decide = () => null;
      proxy.block(false);
      proxy.mute(false);
      proxy.cut();
    }
    if (act.do === 'messenger') simulator.simulator.faults.plan({ next: act.fault, count: 1, delayMs: 300 });
  };

  return {
    async run(act: Act): Promise<void> {
      if ('device' in act) return onDevice(act);
      onNetwork(act);
      if (act.do === 'reply') {
        const id = conversationOf(act.to);
        if (id) repeat(act.times, () => agent.reply(id, next('sara')));
      }
      if (act.do === 'write on Messenger') {
        const text = next('amina');
        amina.written.push(text);
        amina.person.write(text);
      }
      if (act.do === 'resolve') {
        const id = conversationOf(act.of);
        if (id) await resolve(id);
      }
      if (act.do === 'steal') await steal();
      if (act.do === 'kill' || act.do === 'restart') renew(act);
      if (act.do === 'pass') await new Promise((done) => setTimeout(done, act.ms));
    },
    /** Resolves when the server has come back as often as it went. */
    settled: () => stopping,
  };
};
