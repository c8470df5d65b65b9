import { Icon } from '../../panel/Icon.tsx';
import type { UiProps } from '../../panel/ui.tsx';
import { ITEMS } from './items.ts';
import css from './menu.css';

export { css };

/** What else can be done, each on a page of its own or at once. */
const Menu = ({ ui }: UiProps) => (
  <ul class="menu">
    {ITEMS.filter(({ when }) => when?.(ui) ?? true).map(({ name, run, icon: Sign, now }) => (
      <li key={name}>
        <button type="button" class="item" onClick={() => run(ui)}>
          {Sign && <Sign />}
          <span class="what">{ui.say(name)}</span>
          {now && <span class="now">{now(ui)}</span>}
          <Icon name="on" />
        </button>
      </li>
    ))}
  </ul>
);

export default Menu;
