import { waitFor } from '@testing-library/preact';
import { afterEach, describe, expect, test } from 'vitest';
import { AGENT, createFakeClient, type FakeClient, SARA } from './testing/fake-client.ts';
import { closeAll, open, TOKEN, talking } from './testing/open-widget.ts';

afterEach(closeAll);

interface State {
  name: string;
  prepare(fake: FakeClient): unknown;
  /** The words that a person looks for. */
  en: RegExp;
  ar: RegExp;
}

const AWAY = { channelKey: 'w', workspace: { name: 'Acme' }, online: false };

const STATES: State[] = [
  { name: 'empty', prepare: () => {}, en: /how can we help/i, ar: /كيف يمكننا المساعدة/ },
  { name: 'nobody online', prepare: (fake) => fake.$channel.set(AWAY), en: /any time/, ar: /في أي وقت/ },
  {
    name: 'offline',
    prepare: (fake) => talking(fake).$connection.set('offline'),
    en: /sent when you are back/,
    ar: /عند عودة الاتصال/,
  },
  {
    name: 'offline, with messages that wait',
    prepare: (fake) => {
      talking(fake).$connection.set('offline');
      fake.pending('c1', 'Hello?', 'waiting');
      fake.pending('c2', 'Hello?', 'waiting');
      fake.pending('c3', 'Hello?', 'failed');
    },
    en: /You are offline.* .*2.* messages are waiting/,
    ar: /رسالتان في الانتظار/,
  },
  {
    name: 'reconnecting, with a message that waits',
    prepare: (fake) => {
      talking(fake).$connection.set('reconnecting');
      fake.pending('c1', 'Hello?', 'sending');
    },
    en: /Connecting again… .*1.* message is waiting/,
    ar: /رسالة واحدة في الانتظار/,
  },
  {
    name: 'reconnecting',
    prepare: (fake) => talking(fake).$connection.set('reconnecting'),
    en: /Connecting again/,
    ar: /إعادة الاتصال/,
  },
  {
    name: 'outdated',
    prepare: (fake) => talking(fake).$connection.set('outdated'),
    en: /Reload the page/,
    ar: /تحديث الصفحة/,
  },
  {
    name: 'ended',
    prepare: (fake) => talking(fake).$session.set('ended'),
    en: /tap the link in your .*Messenger/,
    ar: /الرابط في محادثة .*ماسنجر/,
  },
  {
    name: 'queued',
    prepare: (fake) => fake.begin({ assignee: null, queuePosition: 3 }),
    en: /You are number .*3/,
    ar: /الترتيب.*3/,
  },
  {
    name: 'next in the queue',
    prepare: (fake) => fake.begin({ assignee: null, queuePosition: 1 }),
    en: /You are next/,
    ar: /الدور التالي/,
  },
  {
    name: 'typing',
    prepare: (fake) => talking(fake).$typing.set(SARA),
    en: /Sara.* is typing/,
    ar: /جارٍ الكتابة/,
  },
  { name: 'from a network', prepare: talking, en: /via .*Messenger/, ar: /عبر .*ماسنجر/ },
  {
    name: 'resolved',
    prepare: (fake) => talking(fake).event({ type: 'case.resolved', case: 1, actor: AGENT }),
    en: /case is closed/,
    ar: /أُغلق هذا الطلب/,
  },
  {
    name: 'away',
    prepare: (fake) => talking(fake).event({ type: 'assignee.away', agent: AGENT }),
    en: /Talk to a colleague/,
    ar: /التحدث مع شخص آخر/,
  },
  {
    name: 'failed',
    prepare: (fake) => talking(fake).pending('c1', 'Hello?', 'failed'),
    en: /Not sent/,
    ar: /لم تُرسَل/,
  },
];

/** What people wrote or are called, which no language changes. */
const THEIRS = /Sara|Acme|My parcel is late|Let me see|Hello\?/g;

describe.each(['en', 'ar'] as const)('in %s', (lang) => {
  test.each(STATES)('$name', async ({ prepare, ...words }) => {
    const fake = createFakeClient();
    prepare(fake);
    const { dialog, shell } = await open({ fake, lang });
    await waitFor(() => expect(dialog.textContent).toMatch(words[lang]));
    expect([shell.host.lang, shell.host.dir]).toEqual([lang, lang === 'ar' ? 'rtl' : 'ltr']);
    if (lang === 'ar') expect(dialog.textContent?.replace(THEIRS, '')).not.toMatch(/[a-z]{2}/i);
  });

  test('carrying on is asked, with both answers alike', async () => {
    const { ui } = await open({ lang, token: TOKEN });
    const yes = await ui.findByRole('button', { name: lang === 'en' ? 'Continue' : 'متابعة' });
    const no = ui.getByRole('button', { name: lang === 'en' ? 'Not me' : 'لست أنا' });
    expect(yes.className).toBe(no.className);
    expect(ui.getByRole('heading', { level: 3 }).textContent).toMatch(/Sara.*A•••a/);
  });
});
