import { TAG } from '../../shell/host.ts';
import type { Shell } from '../../shell/shell.ts';
import css from './mode.css';

/**
 * Has the chat fill what it is meant to fill. The script tag's goes into the `<continuo-chat>` that the page has for it; gone
 * with it, it stays away until the page begins anew.
 */
export const takePlace = ({ host, root, options: { mode } }: Shell): void => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
  host.dataset.mode = mode;
  const place = mode === 'inline' && !document.body.contains(host) && document.body.querySelector(TAG);
  if (!place) return;
  host.onleave = undefined;
  place.append(host);
};
