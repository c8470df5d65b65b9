import { useState } from 'preact/hooks';
import { Icon } from '../../panel/Icon.tsx';
import type { Ui, UiProps } from '../../panel/ui.tsx';
import { ITEMS, type Item } from './items.ts';
import css from './menu.css';

export { css };

/** One line: it leads somewhere, or is a switch. */
const Line = ({ ui, item: { name, run, icon: Sign, now, isOn } }: { ui: Ui; item: Item }) => {
  const [, draw] = useState<object>();
  const state = isOn ? { role: 'switch' as const, 'aria-checked': isOn(ui) } : {};
  const press = () => {
    run(ui);
    draw({});
  };
  return (
    <li>
      <button type="button" class="item" {...state} onClick={press}>
        {Sign && <Sign />}
        <span class="what">{ui.say(name)}</span>
        {now && <span class="now">{now(ui)}</span>}
        {isOn ? <span class="switch" aria-hidden="true" /> : <Icon name="on" />}
      </button>
    </li>
  );
};

/** What else can be done, each on a page of its own or at once. */
const Menu = ({ ui }: UiProps) => (
  <ul class="menu">
    {ITEMS.filter(({ when }) => when?.(ui) ?? true).map((item) => (
      <Line key={item.name} ui={ui} item={item} />
    ))}
  </ul>
);

export default Menu;
