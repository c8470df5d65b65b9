/** Where the focused element stands in `elements`; -1 where it is none of them. */
export const focusedIn = (elements: readonly Element[]): number =>
  elements.reduce((found, element, index) => (element === document.activeElement ? index : found), -1);

/** The rows of a list of conversations. */
export const rowsIn = (root: Element): HTMLElement[] => [...root.querySelectorAll<HTMLElement>('[data-row]')];
