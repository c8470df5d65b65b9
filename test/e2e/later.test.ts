/** What the first opening does not need, on a network that fails at the wrong moment. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ pages: { '/': {} } });
});
afterAll(() => world?.close());

test('the panel and what is loaded later are asked for again by a press, and are of one piece', async () => {
  const context = await world.device();
  const widget = await world.visit(context);
  const loaded: string[] = [];
  widget.page.on('requestfinished', (request) => loaded.push(new URL(request.url()).pathname));
  let isCut = true;
  await context.route(/\/widget\/(panel|Page|Leave)-/, (route) => (isCut ? route.abort() : route.continue()));

  await widget.launcher.click();
  const reload = widget.page.getByRole('button', { name: '⚠ Open chat' });
  await reload.waitFor();
  isCut = false;
  await reload.click();
  await widget.send('Hello');

  isCut = true;
  await widget.dialog.getByRole('button', { name: 'More' }).click();
  const again = widget.dialog.getByRole('button', { name: 'Try again' });
  await again.waitFor();
  isCut = false;
  await again.click();
  await widget.dialog.getByRole('button', { name: 'Leave this device' }).click();
  await widget.dialog.getByRole('button', { name: 'Stay here' }).click();
  await expect.poll(() => widget.dialog.getByText('Leave the chat on this device?').count()).toBe(0);
  expect(await widget.message('Hello').count()).toBe(1);
  expect(loaded.filter((path) => path.includes('/panel-'))).toHaveLength(1);
  expect(world.pageErrors).toEqual([]);
});
