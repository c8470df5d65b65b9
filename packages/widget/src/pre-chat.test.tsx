import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { createFakeClient } from './testing/fake-client.ts';
import { closeAll, open } from './testing/open-widget.ts';
import { until } from './testing/until.ts';

afterEach(closeAll);

const asking = (required: boolean) => {
  const fake = createFakeClient();
  fake.$channel.set({
    channelKey: 'web_1',
    workspace: { name: 'Acme' },
    online: true,
    preChat: {
      fields: [
        { name: 'order', label: { en: 'Order number', ar: 'رقم الطلب' }, type: 'text', required },
        {
          name: 'topic',
          label: 'Topic',
          type: 'select',
          required: false,
          options: ['Return', { en: 'Other' }],
        },
      ],
    },
  });
  return fake;
};

const pressOf = (field: HTMLElement): Element =>
  field.closest('form')?.querySelector('[type="submit"]') ?? field;

test('what the brand asks is answered before the first message; a failure keeps what was typed', async () => {
  const fake = asking(true);
  const { ui } = await open({ fake });
  const order = await ui.findByLabelText(/^Order number/);
  expect(ui.queryByRole('button', { name: 'Skip' })).toBeNull();
  await userEvent.type(order, 'A-1234');
  await userEvent.selectOptions(ui.getByLabelText(/Topic/), 'Other');
  fake.on('post forms', () => Promise.reject(new Error('offline')));
  await userEvent.click(pressOf(order));
  await ui.findByText(/went wrong|did not work|try again/i);
  expect(order).toHaveProperty('value', 'A-1234');
  fake.on('post forms', async () => {});
  await userEvent.click(pressOf(order));
  await until(() => expect(ui.queryByLabelText(/^Order number/)).toBeNull());
  const [first, second] = (fake.calls.request ?? []).filter(([, what]) => what === 'forms');
  expect(second).toEqual(first);
  expect(second?.[2]).toMatchObject({
    form: 'pre-chat',
    answers: [
      { name: 'order', label: 'Order number', value: 'A-1234' },
      { name: 'topic', label: 'Topic', value: 'Other' },
    ],
  });
});

test('where nothing is required it can be skipped; in Arabic it asks in Arabic', async () => {
  const { ui } = await open({ fake: asking(false), lang: 'ar' });
  await ui.findByLabelText(/رقم الطلب/);
  await userEvent.click(ui.getByRole('button', { name: 'تخطي' }));
  await until(() => expect(ui.queryByLabelText(/رقم الطلب/)).toBeNull());
});
