/** Transcripts by e-mail, to a real SMTP server: what goes out, and what nobody can make go out. */

import type { AddressInfo } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AgentClient } from '../support/agent-client.ts';
import { type Deployment, startDeployment } from '../support/deployment.ts';
import type { Device } from '../support/device.ts';

interface Mail {
  from: string;
  to: string[];
  raw: string;
}

const mails: Mail[] = [];
/** What the mail server says to the next mail instead of taking it. */
let refusal: Error | null = null;
let smtp: SMTPServer;
let deployment: Deployment;
let sara: AgentClient;

beforeAll(async () => {
  smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    onData: (stream, { envelope }, taken) => {
      readAll(stream).then((raw) => {
        if (!refusal) {
          const from = envelope.mailFrom ? envelope.mailFrom.address : '';
          mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), raw });
        }
        taken(refusal);
      }, taken);
    },
  });
  await new Promise<void>((resolve) => {
    smtp.listen(0, '127.0.0.1', resolve);
  });
  const address = smtp.server.address() as AddressInfo;
  deployment = await startDeployment({
    environment: {
      CONTINUO_SMTP_URL: `smtp://127.0.0.1:${address.port}`,
      CONTINUO_MAIL_FROM: 'support@nimbus.example',
    },
  });
  sara = await deployment.signIn();
});
afterAll(async () => {
  await deployment.close();
  await new Promise<void>((resolve) => {
    smtp.close(resolve);
  });
});
beforeEach(() => {
  mails.length = 0;
  refusal = null;
});

const ask = (device: Device, body: object) =>
  device.request('POST', `/v1/conversations/${device.conversationId}/transcript`, body);

const answered = async (text: string): Promise<Device> => {
  const device = await deployment.customer(text);
  await sara.reply(device.conversationId, 'On its way');
  return device;
};

/** The parts of a mail, decoded: text and HTML. */
const partsOf = ({ raw }: Mail): { text: string; html: string } => {
  const [text = '', html = ''] = raw
    .split(/\r\n--[^\r\n]+\r\n/)
    .slice(1)
    .map((part) => {
      const [head = '', ...body] = part.split('\r\n\r\n');
      const content = body.join('\r\n\r\n');
      if (/base64/i.test(head)) return Buffer.from(content, 'base64').toString();
      const bytes = content
        .replaceAll('=\r\n', '')
        .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      return Buffer.from(bytes, 'latin1').toString();
    });
  return { text: text.replaceAll('\r\n', '\n'), html };
};

test('the conversation goes to the address, from the brand’s, as text and as the smallest HTML', async () => {
  const device = await answered('Where is <b>my</b> parcel & "when"? أين طردي؟');
  expect((await ask(device, { email: 'amina@mail.example', locale: 'en-GB' })).status).toBe(202);
  expect(mails).toMatchObject([{ from: 'support@nimbus.example', to: ['amina@mail.example'] }]);
  const [mail] = mails;
  if (!mail) throw new Error('no mail');
  expect(mail.raw).toMatch(/^Subject: Your conversation with Nimbus\r$/m);
  expect(mail.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  const { text, html } = partsOf(mail);
  expect(text).toContain('Where is <b>my</b> parcel & "when"? أين طردي؟');
  expect(text).toMatch(/Sara, .*\nOn its way/);
  expect(html).toContain('Where is &#60;b&#62;my&#60;/b&#62; parcel &#38; &#34;when&#34;? أين طردي؟');
  expect(html).not.toMatch(/<b>|<a |<script|<img/);
});

test('in the customer’s language, from right to left', async () => {
  const device = await answered('أين طردي؟');
  await ask(device, { email: 'amina2@mail.example', locale: 'ar' });
  const { html } = partsOf(mails[0] ?? { from: '', to: [], raw: '' });
  expect(html).toContain('lang="ar" dir="rtl"');
});

test.each([
  'a@b.example\r\nBcc: victim@mail.example',
  'a@b.example, victim@mail.example',
  'a@b.example;victim@mail.example',
  '<a@b.example>',
  '"a b"@mail.example',
  'a@b.example ',
  'a@localhost',
  'nobody',
])('%j is no address: nothing goes out', async (email) => {
  const device = await answered('Hello');
  expect((await ask(device, { email })).problem).toMatchObject({ code: 'bad_request' });
  expect(mails).toEqual([]);
});

test('what the customer typed ends no header and adds none', async () => {
  const device = await answered('Hello\r\nBcc: victim@mail.example\r\n\r\n.\r\nMAIL FROM:<x@y.example>');
  await ask(device, { email: 'amina3@mail.example', locale: 'en\r\nX-Evil: 1' });
  await ask(device, { email: 'amina3@mail.example', timeZone: 'UTC\r\nX-Evil: 1' });
  expect(mails).toHaveLength(2);
  for (const { raw, to } of mails) {
    const [head] = raw.split('\r\n\r\n');
    expect(head).not.toMatch(/^(Bcc|X-Evil)/im);
    expect(to).toEqual(['amina3@mail.example']);
  }
});

test('nobody has words of their own mailed by a script: an agent must have answered', async () => {
  const device = await deployment.customer('Buy this');
  expect((await ask(device, { email: 'victim@mail.example' })).problem).toMatchObject({ code: 'conflict' });
  expect(mails).toEqual([]);
});

test('three a day a conversation, and three a day an address, whoever asks; what was not taken does not count', async () => {
  const device = await answered('Hello');
  refusal = new Error('not now');
  expect((await ask(device, { email: 'one@mail.example' })).problem).toMatchObject({ code: 'unavailable' });
  refusal = null;
  for (let n = 0; n < 3; n += 1) expect((await ask(device, { email: 'one@mail.example' })).status).toBe(202);
  const refused = (await ask(device, { email: 'two@mail.example' })).problem;
  expect(refused).toMatchObject({ code: 'rate_limited' });
  expect(refused?.retryAfter).toBeGreaterThan(86_000);
  const other = await answered('Hello');
  expect((await ask(other, { email: 'ONE@mail.example' })).problem).toMatchObject({ code: 'rate_limited' });
  expect((await ask(other, { email: 'two@mail.example' })).status).toBe(202);
  expect(mails).toHaveLength(4);
});

test('the channel says whether it can be asked for; where no mail server is set it is refused', async () => {
  const channel = async ({ url, channelKey }: Deployment) =>
    (await fetch(`${url}/v1/web/${channelKey}`)).json();
  expect(await channel(deployment)).toMatchObject({ transcriptByMail: true });
  const without = await startDeployment();
  try {
    expect(await channel(without)).toMatchObject({ transcriptByMail: false });
    const device = await without.customer();
    expect((await ask(device, { email: 'amina@mail.example' })).problem).toMatchObject({ code: 'conflict' });
  } finally {
    await without.close();
  }
});
