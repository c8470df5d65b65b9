import { fireEvent } from '@testing-library/preact';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { closeAll, open, talking } from '../../testing/open-widget.ts';
import { until } from '../../testing/until.ts';

afterEach(() => {
  vi.restoreAllMocks();
  closeAll();
});

test('the menu names the language that is spoken in its own words, and the page offers each by its own', async () => {
  const { ui } = await open({ fake: talking(), lang: 'fa' });
  fireEvent.click(await ui.findByRole('button', { name: 'بیشتر' }));
  const entry = await ui.findByRole('button', { name: /فارسی/ });
  expect(entry.querySelectorAll('svg').length).toBe(2);
  fireEvent.click(entry);
  const radios = await ui.findAllByRole('radio');
  const named = radios.map((radio) => {
    const name = radio.parentElement?.querySelector('span');
    return [name?.textContent, name?.lang, name?.dir, radio.matches(':checked')];
  });
  expect(named).toEqual([
    ['English', 'en', 'ltr', false],
    ['العربية', 'ar', 'rtl', false],
    ['فارسی', 'fa', 'rtl', true],
    ['हिन्दी', 'hi', 'ltr', false],
    ['עברית', 'he', 'rtl', false],
  ]);
});

test('another language is spoken at once and on the next page; draft and conversation stay', async () => {
  const { ui, shell, dialog, fake, close } = await open({ fake: talking() });
  await userEvent.type(ui.getByRole('textbox', { hidden: true }), 'half a sent');
  fireEvent.click(ui.getByRole('button', { name: 'More' }));
  fireEvent.click(await ui.findByRole('button', { name: /Language/ }));
  const radio = await ui.findByRole('radio', { name: 'עברית' });
  radio.focus();
  fireEvent.click(radio);
  await ui.findByRole('heading', { name: 'שפה' });
  expect([shell.host.lang, shell.host.dir]).toEqual(['he', 'rtl']);
  expect(ui.getByRole('radio', { name: 'עברית' }).matches(':checked')).toBe(true);
  expect(shell.root.activeElement).toBe(radio);
  expect(fake.$draft.get()).toBe('half a sent');
  expect(dialog.querySelector('textarea')?.value).toBe('half a sent');
  expect(dialog.querySelectorAll('article').length).toBe(2);
  close();
  await until(() => expect(document.querySelector('continuo-chat')).toBeNull());
  const again = await open({ fake: talking() });
  expect(again.shell.host.lang).toBe('he');
});

test('a language that the browser has no dates for is not offered', async () => {
  const { ui } = await open({ fake: talking() });
  vi.spyOn(Intl.DateTimeFormat, 'supportedLocalesOf').mockReturnValue(['en', 'he']);
  fireEvent.click(ui.getByRole('button', { name: 'More' }));
  fireEvent.click(await ui.findByRole('button', { name: /Language/ }));
  expect((await ui.findAllByRole('radio')).length).toBe(2);
});

test('nothing is kept before a language was chosen; leaving the device forgets the choice', async () => {
  const { shell } = await open({ fake: talking() });
  expect(localStorage.getItem('continuo:locale')).toBeNull();
  localStorage.setItem('continuo:locale', 'hi');
  await shell.shutdown();
  expect(localStorage.getItem('continuo:locale')).toBeNull();
});
