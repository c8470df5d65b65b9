import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseWorkspaceSettings } from '../config/workspace-settings.ts';
import { WEB_KEY } from '../sessions/testing/brand.ts';
import { createDevice, type Device } from '../sessions/testing/device.ts';
import { createWorld, type World } from '../sessions/testing/world.ts';
import { redact } from './redact.ts';

let world: World;
let device: Device;
let token: string;
let id: string;
beforeEach(async () => {
  world = await createWorld();
  device = await createDevice();
  ({ token, conversationId: id } = await world.open(device));
});
afterEach(() => world.close());

const ANSWERS = [{ name: 'order', label: 'Order number', value: 'A-1234' }];
const answer = (more: object = {}) =>
  world.call(device, `POST /v1/conversations/${id}/forms`, {
    token,
    body: { clientId: 'form-0001', form: 'pre-chat', answers: ANSWERS, ...more },
  });

test('answers are kept once, and open no case', async () => {
  const sent = await Promise.all([answer(), answer(), answer()]);
  expect(sent.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  expect(await world.events(id)).toMatchObject([{ type: 'form.answered', seq: 1, answers: ANSWERS }]);
  expect(await answer({ answers: [{ ...ANSWERS[0], value: 'B-1' }] })).toMatchObject({
    status: 409,
    body: { code: 'client_id_conflict' },
  });
  expect((await answer({ form: 'other' })).status).toBe(400);
});

test('erased, what was filled in is gone, and what was asked stays', async () => {
  await answer();
  const [event] = await world.events(id);
  expect(redact(event)).toMatchObject({
    type: 'form.answered',
    answers: [{ name: 'order', label: 'Order number', value: '' }],
  });
});

test('a widget is told what to ask: always, or while nobody is there', async () => {
  const field = { name: 'order', label: { en: 'Order number', ar: 'رقم الطلب' }, type: 'text' };
  const told = async (settings: object) => {
    await world.rt.store.write((tx) =>
      tx.db
        .updateTable('workspaces')
        .set({ settings: JSON.stringify(settings) })
        .execute(),
    );
    return (await world.call(device, `GET /v1/web/${WEB_KEY}`)).body;
  };
  const fields = [{ ...field, required: false }];
  expect(await told({ preChat: { when: 'always', fields: [field] } })).toMatchObject({ preChat: { fields } });
  const closed = { timeZone: 'UTC', week: {}, closed: [] };
  expect(await told({ hours: closed, preChat: { when: 'closed', fields: [field] } })).toMatchObject({
    preChat: { fields },
  });
  const day = [['00:00', '24:00']];
  const week = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };
  const open = { hours: { ...closed, week }, preChat: { when: 'closed', fields: [field] } };
  expect(await told(open)).not.toHaveProperty('preChat');
  expect(await told({})).not.toHaveProperty('preChat');
  expect(() =>
    parseWorkspaceSettings({ preChat: { when: 'always', fields: [{ ...field, name: 'a b' }] } }),
  ).toThrow();
});
