import type { PlainKey } from '../../i18n/catalogue.ts';
import type { PageName } from '../../panel/pages.ts';
import type { Ui } from '../../panel/ui.tsx';

/** A line of the menu. `name` is the key of its text. */
interface Item {
  name: PlainKey;
  run(ui: Ui): void;
  /** Whether it is offered. @default always */
  when?(ui: Ui): boolean;
}

/** Opens a page of the same name over the menu. */
const page = (name: PageName): Item => ({
  name,
  run: ({ pages }) => pages.open(name),
});

/** In the order in which they are shown. */
export const ITEMS: readonly Item[] = [
  { ...page('leave'), when: ({ client }) => client.$session.get() !== 'none' },
];
