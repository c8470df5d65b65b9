import { randomBytes } from 'node:crypto';
import { type ConversationEvent, LIMITS } from '@continuo/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDevice, type Device } from '../sessions/testing/device.ts';
import { createWorld, DAY, HOUR, type World } from '../sessions/testing/world.ts';
import { forgetUploads } from './forget.ts';

const { chunkBytes } = LIMITS;

let world: World;
let device: Device;
let session: { token: string; conversationId: string };
beforeEach(async () => {
  world = await createWorld();
  device = await createDevice();
  session = await world.open(device);
});
afterEach(() => world.close());

type By = { device: Device; token: string; conversationId: string };
const own = (): By => ({ device, ...session });

const create = (file: object, by = own()) =>
  world.call(by.device, `POST /v1/conversations/${by.conversationId}/uploads`, {
    token: by.token,
    body: { id: 'file-0001', name: 'photo.jpg', size: 3, ...file },
  });

const patch = (id: string, offset: number, bytes: Uint8Array | { by: By; text: string }) => {
  const by = 'by' in bytes ? bytes.by : own();
  return world.call(by.device, `PATCH /v1/conversations/${by.conversationId}/uploads/${id}`, {
    token: by.token,
    body: 'by' in bytes ? Buffer.from(bytes.text) : Buffer.from(bytes),
    headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': `${offset}` },
  });
};

const get = (what: string, by = own(), headers = {}) =>
  world.call(by.device, `GET /v1/conversations/${by.conversationId}/${what}`, { token: by.token, headers });

const send = (files: string[], over: object = {}, by = own()) =>
  world.call(by.device, `POST /v1/conversations/${by.conversationId}/messages`, {
    token: by.token,
    body: { clientId: 'client-0001', text: '', files, ...over },
  });

/** Uploads a whole file. */
const upload = async (id: string, bytes: Buffer, file: object = {}) => {
  expect((await create({ id, size: bytes.length, ...file })).status).toBe(201);
  for (let offset = 0; offset < bytes.length; offset += chunkBytes)
    expect((await patch(id, offset, bytes.subarray(offset, offset + chunkBytes))).status).toBe(200);
};

describe('sending', () => {
  test('a file goes up in chunks, comes with a message without text, and comes down as it was', async () => {
    const bytes = randomBytes(2 * chunkBytes + 1000);
    await upload('file-0001', bytes, { name: 'my photo.JPG', width: 640, height: 480 });
    const sent = await send(['file-0001']);
    expect(sent.status).toBe(201);
    expect(sent.body).toMatchObject({
      event: {
        text: '',
        attachments: [
          {
            type: 'image',
            url: null,
            id: 'file-0001',
            name: 'my photo.JPG',
            mimeType: 'image/jpeg',
            size: bytes.length,
            width: 640,
            height: 480,
          },
        ],
      },
    });
    const down = await get('files/file-0001');
    expect(down.status).toBe(200);
    expect(down.bytes.equals(bytes)).toBe(true);
    const summary = await world.rt.store.db
      .selectFrom('conversations')
      .select('last_message_preview')
      .where('id', '=', session.conversationId)
      .executeTakeFirstOrThrow();
    expect(summary.last_message_preview).toBe('📷');
  });

  test('it goes on where it was: a repeated chunk and one too far away are refused, and nothing is lost or doubled', async () => {
    const bytes = randomBytes(3 * chunkBytes - 5);
    await create({ size: bytes.length });
    const chunk = (index: number) => bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes);
    expect((await patch('file-0001', 0, chunk(0))).body).toEqual({
      id: 'file-0001',
      offset: chunkBytes,
      size: bytes.length,
    });
    expect((await patch('file-0001', 0, chunk(0))).body).toMatchObject({ code: 'conflict' });
    expect((await patch('file-0001', 2 * chunkBytes, chunk(2))).body).toMatchObject({ code: 'conflict' });
    // What a cut connection leaves: a chunk that is not whole.
    expect((await patch('file-0001', chunkBytes, chunk(1).subarray(9))).body).toMatchObject({
      code: 'bad_request',
    });
    expect((await get('uploads/file-0001')).body).toMatchObject({ offset: chunkBytes });
    const racing = await Promise.all([1, 2, 3].map(() => patch('file-0001', chunkBytes, chunk(1))));
    expect(racing.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    // Beginning it again tells how far it is.
    expect((await create({ size: bytes.length })).body).toMatchObject({ offset: 2 * chunkBytes });
    await patch('file-0001', 2 * chunkBytes, chunk(2));
    expect((await patch('file-0001', bytes.length, Buffer.alloc(0))).status).toBe(409);
    expect((await get('files/file-0001')).bytes.equals(bytes)).toBe(true);
  });

  test('a message with files is stored once; with other files it is a conflict', async () => {
    await upload('file-0001', randomBytes(5));
    await upload('file-0002', randomBytes(5));
    const first = await send(['file-0001'], { text: 'See' });
    expect(first.status).toBe(201);
    expect(await send(['file-0001'], { text: 'See' })).toMatchObject({ status: 200, body: first.body });
    expect((await send(['file-0002'], { text: 'See' })).body).toMatchObject({ code: 'client_id_conflict' });
    expect((await send(['file-0001'], { clientId: 'client-0002' })).body).toMatchObject({ code: 'conflict' });
  });

  test('what is not whole, not known, or another device’s cannot be sent', async () => {
    const neighbour = await createDevice();
    const theirs = { device: neighbour, ...(await world.open(neighbour)) };
    await create({ id: 'theirs-01', size: 3 }, theirs);
    await patch('theirs-01', 0, { by: theirs, text: 'abc' });
    await create({ id: 'half-0001', size: 3 });
    for (const id of ['half-0001', 'theirs-01', 'nothing-1'])
      expect((await send([id])).body).toMatchObject({ code: 'conflict' });
    expect((await send([], {})).status).toBe(400);
    const blank = { clientId: 'client-0001', text: ' ' };
    const at = `POST /v1/conversations/${session.conversationId}/messages`;
    const answer = await world.call(device, at, { token: session.token, body: blank });
    expect(answer.body).toMatchObject({ code: 'bad_request' });
    expect(await world.events(session.conversationId)).toEqual([]);
  });
});

describe('limits', () => {
  test('what is too large, of another kind, or turns its name around is refused before a byte is sent', async () => {
    expect((await create({ size: LIMITS.fileBytes + 1 })).body).toMatchObject({ code: 'too_large' });
    for (const name of ['page.html', 'logo.svg', 'setup.exe', 'run.sh', 'photo', 'photo.jpg.js', '.jpg.'])
      expect([name, (await create({ name })).status]).toEqual([name, 400]);
    await create({ name: 'evil\u202egpj.txt' });
    const row = await world.rt.store.db.selectFrom('files').select('name').executeTakeFirstOrThrow();
    expect(row.name).toBe('evil_gpj.txt');
  });

  test.each([
    ['a page', Buffer.from('\ufeff \n<!DOCTYPE html><script>alert(1)</script>')],
    ['a page in UTF-16', Buffer.from('\ufeff<html><script>', 'utf16le')],
    ['a drawing', Buffer.from('<svg onload="alert(1)">')],
    ['a program for Windows', Buffer.from('MZ\x90\x00')],
    ['a program for Linux', Buffer.from('\x7fELF\x02')],
    ['a script', Buffer.from('#!/bin/sh\n')],
  ])('%s is refused whatever it is called', async (_what, bytes) => {
    await create({ size: bytes.length });
    expect((await patch('file-0001', 0, bytes)).body).toMatchObject({ code: 'bad_request' });
    expect((await get('files/file-0001')).status).toBe(404);
  });

  test('nobody keeps more than 20 uploads that they do not send, nor fills the disk in a day', async () => {
    for (let n = 0; n < 20; n += 1) await create({ id: `file-${n}-abc` });
    expect((await create({ id: 'file-one-more' })).body).toMatchObject({ code: 'rate_limited' });
    await world.rt.store.write(async ({ db }) => {
      await db
        .updateTable('files')
        .set({ seq: 1, size: LIMITS.fileBytes / 2 })
        .execute();
    });
    expect((await create({ size: LIMITS.fileBytes })).body).toMatchObject({ code: 'rate_limited' });
    world.pass(DAY);
    expect((await create({ size: LIMITS.fileBytes })).status).toBe(201);
  });

  test('what no message took within a day is deleted, its bytes too, and what was sent stays', async () => {
    await upload('file-0001', randomBytes(chunkBytes + 1));
    await upload('file-0002', randomBytes(10));
    await send(['file-0002']);
    const { stored_as } = await world.rt.store.db
      .selectFrom('files')
      .selectAll()
      .where('id', '=', 'file-0001')
      .executeTakeFirstOrThrow();
    world.pass(DAY - HOUR);
    // Too late to send, not yet deleted: nothing goes while a message is stored.
    expect((await send(['file-0001'], { clientId: 'client-0002' })).status).toBe(409);
    await forgetUploads(world.rt);
    expect(await world.rt.files.head(`${stored_as}-1`)).not.toBeNull();
    world.pass(HOUR + 1);
    expect(await forgetUploads(world.rt)).toBe(false);
    expect(await world.rt.files.head(`${stored_as}-0`)).toBeNull();
    expect(await world.rt.files.head(`${stored_as}-1`)).toBeNull();
    const rows = await world.rt.store.db.selectFrom('files').select('id').execute();
    expect(rows).toEqual([{ id: 'file-0002' }]);
  });
});

describe('reading', () => {
  test('it is always saved and never shown: attachment, our type, nosniff, sandbox, not kept', async () => {
    const bytes = Buffer.from('hello <script>alert(1)</script>');
    await upload('file-0001', bytes, { name: 'رسید "x".txt' });
    await send(['file-0001']);
    const { headers } = await get('files/file-0001');
    expect(headers).toMatchObject({
      'content-type': 'text/plain',
      'content-disposition': `attachment; filename="____ _x_.txt"; filename*=UTF-8''${encodeURIComponent('رسید "x".txt')}`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-store',
      'content-length': `${bytes.length}`,
    });
  });

  test.each([
    ['bytes=0-0', 0, 0],
    [`bytes=${chunkBytes - 2}-${chunkBytes + 1}`, chunkBytes - 2, chunkBytes + 1],
    [`bytes=${chunkBytes}-`, chunkBytes, chunkBytes + 99],
    ['bytes=-5', chunkBytes + 95, chunkBytes + 99],
    [`bytes=5-${10 * chunkBytes}`, 5, chunkBytes + 99],
  ])('%s gives that range, across chunks', async (range, start, end) => {
    const bytes = randomBytes(chunkBytes + 100);
    await upload('file-0001', bytes);
    const part = await get('files/file-0001', own(), { range });
    expect(part.status).toBe(206);
    expect(part.headers['content-range']).toBe(`bytes ${start}-${end}/${bytes.length}`);
    expect(part.bytes.equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  test.each(['bytes=9-3', 'bytes=100-', 'lines=1-2', 'bytes=-', 'bytes=-0'])(
    '%s gives the whole',
    async (range) => {
      await upload('file-0001', randomBytes(100));
      const whole = await get('files/file-0001', own(), { range });
      expect([whole.status, whole.bytes.length]).toEqual([200, 100]);
    },
  );

  test('another customer’s file looks exactly like none', async () => {
    await upload('file-0001', randomBytes(9));
    await send(['file-0001']);
    const neighbour = await createDevice();
    const theirs = { device: neighbour, ...(await world.open(neighbour)) };
    const ask = async (by: By, what: string) => {
      const { status, text } = await get(what, by);
      return { status, text };
    };
    const absent = await ask(theirs, 'files/file-9999');
    expect(absent.status).toBe(404);
    expect(await ask(theirs, 'files/file-0001')).toEqual(absent);
    expect(await ask(theirs, 'uploads/file-0001')).toEqual(absent);
    expect(await ask({ ...theirs, conversationId: session.conversationId }, 'files/file-0001')).toEqual(
      absent,
    );
  });

  test('a file of a case that the holder of a link may not see looks like none', async () => {
    const amina = await world.social();
    const phone = await createDevice();
    const linked = await world.redeem(phone, await world.offer(amina.conversationId));
    const by = { device: phone, ...linked };
    await create({ size: 3 }, by);
    await patch('file-0001', 0, { by, text: 'abc' });
    const sent = await send(['file-0001'], {}, by);
    const { event } = sent.body as { event: ConversationEvent };
    const show = (visible_after: number) =>
      world.rt.store.write(async ({ db }) => {
        await db.updateTable('sessions').set({ visible_after }).execute();
      });
    await show(event.seq);
    expect((await get('files/file-0001', by)).status).toBe(404);
    await show(event.seq - 1);
    expect((await get('files/file-0001', by)).text).toBe('abc');
  });
});
