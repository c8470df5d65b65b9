// Hot keys of three kinds; what they did stands in `window.pressed`.
import { install } from '@github/hotkey';
import { tinykeys } from 'tinykeys';

window.pressed = [];
const note = (what) => () => window.pressed.push(what);
for (const key of ['s', 'g i', '/']) {
  const button = document.createElement('button');
  button.addEventListener('click', note(`hotkey ${key}`));
  document.body.append(button);
  install(button, key);
}
tinykeys(window, { k: note('tinykeys k'), 'y e e t': note('tinykeys yeet'), '?': note('tinykeys ?') });
document.addEventListener('keydown', ({ key }) => key === 'n' && note('own n')());
document.addEventListener('keypress', ({ key }) => key === 'n' && note('own n pressed')());
