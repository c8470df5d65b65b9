/** Carrying a conversation of the web on elsewhere: on another device, and in Messenger. On both engines. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Device } from '../support/device.ts';
import type { MessengerCustomer } from '../support/messenger-customer.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { type SocialDeployment, startSocialDeployment } from '../support/social-deployment.ts';

describe.each(['embedded', 'PostgreSQL'])('%s', (engine) => {
  let social: SocialDeployment;
  let drop = async (): Promise<void> => {};
  beforeAll(async () => {
    if (engine === 'embedded') {
      social = await startSocialDeployment();
      return;
    }
    const database = await createTestDatabase();
    drop = database.drop;
    social = await startSocialDeployment({ environment: { CONTINUO_DATABASE_URL: database.url } });
  });
  afterAll(async () => {
    await social?.close();
    await drop();
  });

  /** A device with a conversation of its own. */
  const visitor = async (text = 'My order is late'): Promise<Device> => {
    const device = await social.device();
    await device.open(social.channelKey);
    await device.send(text);
    return device;
  };
  const link = async (device: Device, to: 'device' | 'messenger'): Promise<string> => {
    const { status, body } = await device.request(
      'POST',
      `/v1/conversations/${device.conversationId}/handoffs`,
      {
        to,
      },
    );
    expect(status).toBe(201);
    return /(?:#continuo|\?ref)=([\w-]{43})$/.exec(body.url)?.[1] ?? '';
  };
  const redeem = (device: Device, token: string) =>
    device.request('POST', '/v1/handoffs/redeem', { token, channelKey: social.channelKey });

  /** Opens an m.me link as Messenger does: a referral in a thread that there is, Get Started in a new one. */
  const openLink = async ({ psid }: MessengerCustomer, ref: string) => {
    const { simulator: meta } = social.simulator;
    const isNew = !meta.thread(psid).started;
    meta.dispatch(psid, { type: 'customer.openLink', at: meta.now(), ref });
    if (isNew)
      meta.dispatch(psid, { type: 'customer.getStarted', mid: meta.newMid(), at: meta.now(), ref: null });
    await social.quiet();
  };
  const press = async (person: MessengerCustomer, title: string) => {
    const { simulator: meta } = social.simulator;
    await expect.poll(() => replies(person).map((reply) => reply.title)).toContain(title);
    const payload = replies(person).find((reply) => reply.title === title)?.payload ?? '';
    meta.dispatch(person.psid, {
      type: 'customer.message',
      mid: meta.newMid(),
      at: meta.now(),
      text: title,
      attachments: [],
      quickReplyPayload: payload,
      replyTo: null,
    });
    await social.quiet();
  };
  const replies = ({ psid }: MessengerCustomer) =>
    social.simulator.simulator.thread(psid).messages.flatMap(({ quickReplies }) => quickReplies);
  const said = async (conversationId: string) =>
    (await social.log(conversationId)).flatMap((event) => (event.type === 'message' ? [event.text] : []));
  const write = async (person: MessengerCustomer, text: string) => {
    person.write(text);
    await social.quiet();
  };

  test('of twelve devices that scan one code at once, one has the conversation', async () => {
    const desk = await visitor();
    const token = await link(desk, 'device');
    const devices = await Promise.all(Array.from({ length: 12 }, () => social.device()));
    const answers = await Promise.all(devices.map((device) => redeem(device, token)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const { problem } of answers) if (problem) expect(problem.code).toBe('handoff_used');
    expect((await desk.send('Still here')).status).toBe(201);
  });

  test('a token opens only what it was made for', async () => {
    const desk = await visitor();
    const forDevice = await link(desk, 'device');
    const forMessenger = await link(desk, 'messenger');
    expect((await redeem(await social.device(), forMessenger)).problem?.code).toBe('not_found');
    const person = social.person();
    await openLink(person, forDevice);
    expect(replies(person)).toEqual([]);
    expect(await said((await social.conversationOf(person.psid)) ?? '')).toEqual(['Get Started']);
  });

  test('from the web to Messenger for the first time: asked, pressed, one conversation, and the reply follows', async () => {
    const desk = await visitor('My parcel is wet');
    const person = social.person();
    await openLink(person, await link(desk, 'messenger'));
    expect(await social.conversationOf(person.psid)).not.toBe(desk.conversationId);
    await press(person, 'Continue here');
    expect(await social.conversationOf(person.psid)).toBe(desk.conversationId);
    await write(person, 'And the box is torn');
    expect(await said(desk.conversationId)).toEqual(['My parcel is wet', 'And the box is torn']);
    await social.sara.reply(desk.conversationId, 'I see to it');
    await person.received('I see to it');
    expect((await social.log(desk.conversationId)).at(-1)).toBeDefined();
    const steps = (await social.log(desk.conversationId)).filter((event) => event.type === 'handoff');
    expect(steps).toMatchObject([
      { step: 'offered', from: 'web', to: 'messenger' },
      { step: 'peeked', from: 'web', to: 'messenger' },
      { step: 'redeemed', from: 'web', to: 'messenger' },
    ]);
  });

  test('into a thread that there is: the one of the web is joined into it', async () => {
    const person = social.person();
    await write(person, 'Hello from Messenger');
    const thread = await social.conversationOf(person.psid);
    const desk = await visitor('Hello from the web');
    await openLink(person, await link(desk, 'messenger'));
    await press(person, 'Continue here');
    expect(await social.conversationOf(person.psid)).toBe(thread);
    const joined = (await social.log(thread ?? '')).filter((event) => event.type === 'joined');
    expect(joined).toMatchObject([{ conversationId: desk.conversationId, direction: 'from' }]);
    desk.token = null;
    await desk.open(social.channelKey);
    expect(desk.conversationId).toBe(thread);
  });

  test('a link that a stranger sends brings nobody together, unless they press', async () => {
    const stranger = await visitor('Bait');
    const victim = social.person();
    await write(victim, 'Something private');
    await openLink(victim, await link(stranger, 'messenger'));
    await press(victim, 'Not me');
    await write(victim, 'More that is private');
    expect(await said(stranger.conversationId)).toEqual(['Bait']);
    expect(await social.conversationOf(victim.psid)).not.toBe(stranger.conversationId);
  });

  test('nobody but who was asked can answer, once, and no token is stored', async () => {
    const desk = await visitor();
    const token = await link(desk, 'messenger');
    const [person, other] = [social.person('Ana'), social.person('Bea')];
    await openLink(person, token);
    const { payload = '' } = replies(person)[0] ?? {};
    const { simulator: meta } = social.simulator;
    meta.dispatch(other.psid, {
      type: 'customer.message',
      mid: meta.newMid(),
      at: meta.now(),
      text: 'Continue here',
      attachments: [],
      quickReplyPayload: payload,
      replyTo: null,
    });
    await social.quiet();
    expect(await social.conversationOf(other.psid)).not.toBe(desk.conversationId);
    const rows = await social.server.runtime.store.db.selectFrom('inbound').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test('two people on two networks are never made one', async () => {
    const amina = social.person('Amina');
    const desk = await visitor('I am Amina');
    await openLink(amina, await link(desk, 'messenger'));
    await press(amina, 'Continue here');
    const bea = social.person('Bea');
    await write(bea, 'I am Bea');
    await openLink(bea, await link(desk, 'messenger'));
    expect(replies(bea)).toEqual([]);
    expect(await social.conversationOf(bea.psid)).not.toBe(desk.conversationId);
  });
});
