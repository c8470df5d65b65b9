/** A page's own styles, however rough, change nothing of how the chat looks. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WidgetPage } from '../support/pages/widget-page.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;

const HOSTILE = `<style>
html { font-size: 62.5%; }
* { margin: 0; padding: 0; box-sizing: content-box; letter-spacing: 2px; word-spacing: 4px; line-height: 3;
  text-transform: uppercase; font-family: monospace; font-style: italic; text-align: center; text-indent: 9px;
  color: red; cursor: wait; white-space: pre; }
body { transform: scale(0.9); filter: grayscale(1); overflow: hidden; zoom: 1.1; user-select: none; }
body * { padding: 3px; outline: 1px solid red; }
div { display: none !important; }
button, textarea { border: 9px solid red !important; width: 7px !important; font: 40px serif !important; }
article, section, p { visibility: hidden !important; }
</style>`;

beforeAll(async () => {
  world = await startWorld({ pages: { '/': {}, '/hostile': { head: HOSTILE } } });
});
afterAll(() => world?.close());

/** Where everything in the widget stands, and in which letters. */
const looks = async (path: string) => {
  const widget: WidgetPage = await world.visit(await world.device({ reducedMotion: 'reduce' }), path);
  await widget.launcher.waitFor();
  const launcher = await widget.launcher.boundingBox();
  await widget.open();
  await widget.dialog.locator('.offers').waitFor({ state: 'attached' });
  await widget.composer.fill('half a sentence\nand more');
  const parts = await widget.page.locator('continuo-chat').evaluate((host) =>
    [...(host.shadowRoot?.querySelectorAll('.panel, .panel *') ?? [])].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      const is = [style.fontFamily, style.fontSize, style.fontStyle, style.letterSpacing, style.wordSpacing];
      const and = [
        style.lineHeight,
        style.textTransform,
        style.textIndent,
        style.textAlign,
        style.whiteSpace,
      ];
      const box = [x, y, width, height].map(Math.round).join(' ');
      const seen = [style.display, style.visibility, style.color, style.cursor];
      return [element.tagName, element.className, box, ...is, ...and, ...seen].join(' ');
    }),
  );
  return { launcher, parts };
};

test('every part stands where it stands on a plain page, in the same letters', async () => {
  const plain = await looks('/');
  const hostile = await looks('/hostile');
  expect(plain.parts.length).toBeGreaterThan(20);
  expect(hostile).toEqual(plain);
});
