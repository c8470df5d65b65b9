/** Which part of the timeline is in the DOM: at most {@link MOST} items and, for a moment, a page more. */
export interface PageWindow {
  /** The key of the last item shown; null follows the newest. */
  end: string | null;
  size: number;
}

/** A page, as the protocol's LIMITS.pageSize. */
export const PAGE = 50;
/** More than this many lines make each new message slow. */
export const MOST = 200;

export const FOLLOWING: PageWindow = { end: null, size: PAGE };

interface Keyed {
  key: string;
}

/** Where the window begins and ends in the items. */
export const bounds = ({ end, size }: PageWindow, items: readonly Keyed[]): [start: number, end: number] => {
  const found = end === null ? -1 : items.findIndex(({ key }) => key === end);
  const last = found < 0 ? items.length : found + 1;
  return [Math.max(0, last - size), last];
};

/** One page further back. The window may be too large after it: {@link trim} it once the page is drawn. */
export const back = (view: PageWindow, items: readonly Keyed[]): PageWindow =>
  bounds(view, items)[0] === 0 ? view : { ...view, size: view.size + PAGE };

/** Takes what is too much off the newest end. Not together with {@link back}: the scroller would lose its hold. */
export const trim = (view: PageWindow, items: readonly Keyed[]): PageWindow => {
  if (view.size <= MOST) return view;
  const [start] = bounds(view, items);
  return { end: items[start + MOST - 1]?.key ?? null, size: MOST };
};

/** One page towards the newest, and following it again once it is reached. */
export const forward = (view: PageWindow, items: readonly Keyed[]): PageWindow => {
  if (view.end === null) return view;
  const [, last] = bounds(view, items);
  const next = last + PAGE;
  return { end: next < items.length ? (items[next - 1]?.key ?? null) : null, size: view.size };
};

/** Room for items that arrived at the newest end, so that what is being read stays. */
export const grow = (view: PageWindow, added: number): PageWindow =>
  view.end === null ? { ...view, size: Math.min(MOST, view.size + added) } : view;
