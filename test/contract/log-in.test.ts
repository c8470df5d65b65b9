/**
 * The brand's own log-in, over HTTP and on both databases: one user is one customer with one conversation, however many
 * of their devices log in at once, and nobody becomes somebody else.
 */

import { addIdentitySecret } from '@continuo/server';
import { type IdentityUser, signIdentity } from '@continuo/server/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../packages/server/src/storage/testing/postgres.ts';
import { type Brand, type Deployment, startDeployment } from '../support/deployment.ts';
import type { Device } from '../support/device.ts';

describe.each(['sqlite', 'postgres'])('on %s', (engine) => {
  let database: TestDatabase | null = null;
  let brand: Deployment;
  let secret: string;
  beforeAll(async () => {
    if (engine === 'postgres') database = await createTestDatabase();
    brand = await startDeployment({ environment: database ? { CONTINUO_DATABASE_URL: database.url } : {} });
    ({ secret } = await addIdentitySecret(brand.server.runtime, brand));
  });
  afterAll(async () => {
    await brand.close();
    await database?.drop();
  });

  let users = 0;
  const newUser = (name: string): IdentityUser => ({ id: `${name}-${users++}`, name });
  const sign = (user: IdentityUser, of: { secret: string; channelKey: string } = { secret, ...brand }) =>
    signIdentity({ secret: of.secret, channel: of.channelKey, user });
  const identify = async (device: Device, token: string) => {
    const answer = await device.request('POST', '/v1/session/identify', { token });
    if (answer.status === 200) {
      device.conversationId = answer.body.conversationId;
      device.token = answer.body.token ?? device.token;
    }
    return answer;
  };
  const opened = async (): Promise<Device> => {
    const device = await brand.device();
    await device.open(brand.channelKey);
    return device;
  };
  const log = async (device: Device) => {
    const path = `/v1/conversations/${device.conversationId}/history?limit=50`;
    return JSON.stringify((await device.request('GET', path)).body);
  };

  test('logging in keeps the conversation; on the next device it is there, whole', async () => {
    const user = newUser('amina');
    const phone = await brand.customer('Where is my parcel?');
    const before = phone.conversationId;
    expect((await identify(phone, await sign(user))).body).toMatchObject({
      conversationId: before,
      token: null,
    });
    const laptop = await opened();
    expect((await identify(laptop, await sign(user))).body).toMatchObject({ conversationId: before });
    expect(await log(laptop)).toContain('Where is my parcel?');
    expect((await laptop.send('It came')).status).toBe(201);
    expect(await log(phone)).toContain('It came');
  });

  test('ten devices of a new user that log in at once are one customer with one conversation', async () => {
    const user = newUser('racer');
    const devices = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 ? opened() : brand.customer(`from ${index}`))),
    );
    const tokens = await Promise.all(devices.map(() => sign(user)));
    const answers = await Promise.all(devices.map((device, index) => identify(device, tokens[index] ?? '')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // Who came early may have had a conversation that went on elsewhere a moment later: coming again they are there.
    for (const device of devices) {
      if ((await device.request('GET', '/v1/session')).status === 200) continue;
      await device.open(brand.channelKey);
    }
    expect(new Set(devices.map(({ conversationId }) => conversationId)).size).toBe(1);
    for (const device of devices) {
      expect((await device.request('GET', '/v1/session')).body.conversationId).toBe(device.conversationId);
      expect((await device.send('here')).status).toBe(201);
    }
    const { db } = brand.server.runtime.store;
    const rows = await db.selectFrom('brand_users').selectAll().where('user_id', '=', user.id).execute();
    expect(rows).toHaveLength(1);
    const joined = await db
      .selectFrom('conversations')
      .select('id')
      .where('customer_id', '=', rows[0]?.customer_id ?? '')
      .where('joined_into', 'is', null)
      .execute();
    expect(joined).toEqual([{ id: devices[0]?.conversationId }]);
  });

  test('a device of one user never becomes that of another', async () => {
    const [amina, omar] = [newUser('amina'), newUser('omar')];
    const device = await brand.customer('Mine alone');
    await identify(device, await sign(amina));
    expect((await identify(device, await sign(omar))).problem?.code).toBe('conflict');
    expect((await device.request('DELETE', '/v1/session')).status).toBe(204);
    await device.open(brand.channelKey);
    expect((await identify(device, await sign(omar))).status).toBe(200);
    expect(await log(device)).not.toContain('Mine alone');
  });

  test('another brand’s token is worth nothing here, whatever channel it names', async () => {
    const theirs: Brand = await brand.addBrand(`Stratus${engine}`);
    const { secret: foreign } = await addIdentitySecret(brand.server.runtime, theirs);
    const user = newUser('amina');
    const device = await brand.customer();
    const { channelKey } = brand;
    for (const of of [
      { secret: foreign, channelKey },
      { secret: foreign, channelKey: theirs.channelKey },
      { secret, channelKey: theirs.channelKey },
    ]) {
      const { status, problem } = await identify(device, await sign(user, of));
      expect([status, problem?.code]).toEqual([403, 'identity_invalid']);
    }
    const stranger = await brand.device();
    await stranger.open(theirs.channelKey);
    const token = await sign(user, { secret: foreign, channelKey: theirs.channelKey });
    expect((await identify(stranger, token)).status).toBe(200);
    await identify(device, await sign(user));
    expect(device.conversationId).not.toBe(stranger.conversationId);
  });
});
