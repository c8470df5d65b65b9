/** What pages and browsers allow: policies, consent, lists of ad blockers, and storage that does not last. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrandPage } from '../support/brand-site.ts';
import type { WidgetPage } from '../support/pages/widget-page.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
const pages: Record<string, BrandPage> = { '/': {}, '/consent': { attributes: 'data-consent="none"' } };

const CDN = join(import.meta.dirname, '../../packages/widget/dist/cdn');
const integrity = (file: string) =>
  `sha384-${createHash('sha384')
    .update(readFileSync(join(CDN, file)))
    .digest('base64')}`;

/** An import map with the integrity of each file; the loader asks for the panel with a query. */
const importMap = (origin: string, of = integrity) => {
  const files = readdirSync(CDN).filter((name) => name.endsWith('.js'));
  const entries = files.map((name) => {
    const address = `${origin}/widget/${name}${name.startsWith('panel-') ? '?0' : ''}`;
    return [address, of(name)];
  });
  return `<script type="importmap">${JSON.stringify({ integrity: Object.fromEntries(entries) })}</script>`;
};

beforeAll(async () => {
  world = await startWorld({ pages });
  const origin = world.server.url;
  const pinned = `integrity="${integrity('loader.js')}" crossorigin="anonymous"`;
  pages['/pinned'] = { attributes: pinned, head: importMap(origin) };
  pages['/tampered'] = {
    attributes: pinned,
    head: importMap(origin, (name) => integrity(name.startsWith('panel-') ? 'loader.js' : name)),
  };
  const rest = `connect-src ${origin}; img-src 'self' ${origin} data:`;
  const types = "require-trusted-types-for 'script'; trusted-types 'none'";
  pages['/nonce'] = {
    csp: `default-src 'none'; script-src 'nonce-abc'; ${rest}; ${types}`,
    attributes: 'nonce="abc"',
  };
  pages['/strict-dynamic'] = {
    csp: `default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; ${rest}; ${types}`,
    attributes: 'nonce="abc"',
  };
  pages['/strict'] = { csp: `default-src 'none'; script-src ${origin}; ${rest}; ${types}` };
});
afterAll(() => world?.close());

/** Violations and refused Trusted Types, as the page sees them. */
const watch = async (widget: WidgetPage) => {
  await widget.page.evaluate(() => {
    const list: string[] = [];
    Reflect.set(window, 'violations', list);
    document.addEventListener('securitypolicyviolation', (event) => {
      list.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return () => widget.page.evaluate(() => Reflect.get(window, 'violations'));
};

const sent = (widget: WidgetPage, text: string) =>
  widget
    .message(text)
    .getByText(/^(Sent|Read)$/)
    .waitFor();

/** Opens each page of the menu, and comes back. */
const walk = async (widget: WidgetPage): Promise<string[]> => {
  const seen: string[] = [];
  const more = widget.button(/^More$/);
  const lines = widget.dialog.locator('.menu button.item:not([role=switch])');
  await more.click();
  await lines.first().waitFor();
  const count = await lines.count();
  for (let at = 0; at < count; at++) {
    seen.push((await lines.nth(at).locator('.what').textContent()) ?? '');
    await lines.nth(at).click();
    await widget.dialog.getByText('Loading…').waitFor({ state: 'detached' });
    await widget.button('Back').click();
    await lines.first().waitFor();
  }
  await widget.button('Back').click();
  return seen;
};

describe.each(['/nonce', '/strict-dynamic', '/strict'])('under the policy of %s', (path) => {
  test('everything that is loaded later works, and nothing is refused', async () => {
    const widget = await world.visit(await world.device(), path);
    const violations = await watch(widget);
    await widget.open();
    await widget.send('**Bold**, and https://nimbus.example/');
    await sent(widget, 'Bold');
    const seen = await walk(widget);
    expect(seen).toContain('Search');
    expect(seen.length).toBeGreaterThan(4);
    await widget.page.evaluate(() => window.Continuo?.('setLocale', 'ar'));
    await expect.poll(() => widget.page.locator('continuo-chat').getAttribute('lang')).toBe('ar');
    expect(await violations()).toEqual([]);
    expect(world.pageErrors).toEqual([]);
  });
});

test('with the integrity of each file it works, and a file that is another is not run', async () => {
  const widget = await world.visit(await world.device(), '/pinned');
  await widget.open();
  await widget.send('Pinned');
  await sent(widget, 'Pinned');
  await walk(widget);

  const tampered = await world.visit(await world.device(), '/tampered');
  await tampered.launcher.click();
  await tampered.page.getByRole('button', { name: '⚠ Open chat' }).waitFor();
});

/** What lists of ad blockers look for in addresses of chats, widgets and pixels. */
const BLOCKED =
  /chat[-_.]?(widget|box|bot|app|loader|plugin|button)|live[-_]?chat|(^|[/._-])(beacons?|track(er|ing)?|pixel|analytics|telemetry|collect|metrics|ads?|advert|banner|intercom|zendesk|crisp|drift|tawk|hubspot|popup|promo|stats|log)([/._?-]|$)/i;

test('no address that the widget asks for looks like one that ad blockers refuse', async () => {
  expect('https://a.example/chat-widget.js').toMatch(BLOCKED);
  expect('https://a.example/v1/track').toMatch(BLOCKED);
  const widget = await world.visit(await world.device());
  const asked = new Set<string>();
  widget.page.on('request', (request) => asked.add(request.url()));
  await widget.page.reload();
  await widget.open();
  await widget.send('Hello');
  await sent(widget, 'Hello');
  await walk(widget);
  const ours = [...asked].filter((url) => url.startsWith(world.server.url));
  expect(ours.length).toBeGreaterThan(15);
  expect(ours.map((url) => url.slice(world.server.url.length)).filter((path) => BLOCKED.test(path))).toEqual(
    [],
  );
});

const kept = (widget: WidgetPage) =>
  widget.page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    cookies: document.cookie,
  }));
const NOTHING = { local: [], session: [], databases: [], caches: [], cookies: '' };

test('in an in-app browser that forgets everything, the chat can be begun again', async () => {
  const agents = ['[FBAN/FBIOS;FBAV/470.0.0.36.98;]', 'Instagram 340.0.3.27.90 (iPhone15,3; iOS 18_0)'];
  for (const name of agents) {
    const userAgent = `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 ${name}`;
    const phone = { userAgent, viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true };
    for (let visit = 1; visit <= 2; visit++) {
      // A profile of its own: nothing is left of the visit before.
      const widget = await world.visit(await world.device(phone));
      await widget.open();
      expect(await widget.dialog.getByRole('article').count()).toBe(0);
      await widget.send('From the app');
      await sent(widget, 'From the app');
    }
  }
  expect(world.pageErrors).toEqual([]);
});

test('without consent nothing is kept and nothing asked for; with it, it is kept; withdrawn, it is wiped', async () => {
  const context = await world.device();
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));
  const widget = await world.visit(context, '/consent');
  await widget.launcher.waitFor();
  await widget.page.waitForLoadState('networkidle');
  expect(asked.filter((url) => url.startsWith(world.server.url))).toEqual([
    `${world.server.url}/widget/loader.js`,
  ]);
  expect(await kept(widget)).toEqual(NOTHING);
  await widget.open();
  await widget.send('Do not remember me');
  await sent(widget, 'Do not remember me');
  await widget.composer.fill('a draft');
  await walk(widget);
  expect(await kept(widget)).toEqual(NOTHING);

  const consent = (level: string) =>
    widget.page.evaluate((level) => window.Continuo?.('consent', level), level);
  await consent('functional');
  expect((await kept(widget)).databases).not.toEqual([]);
  // The page asks for consent anew each time.
  await widget.page.reload();
  await widget.launcher.waitFor();
  await consent('functional');
  await widget.reopen();
  await widget.message('Do not remember me').waitFor();
  await consent('none');
  await expect.poll(() => kept(widget)).toEqual(NOTHING);
  expect(await widget.message('Do not remember me').count()).toBe(1);
  await widget.page.reload();
  await widget.open();
  await widget.composer.waitFor();
  expect(await widget.dialog.getByRole('article').count()).toBe(0);
  expect(world.pageErrors).toEqual([]);
});
