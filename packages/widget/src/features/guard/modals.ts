/** What a page marks as keeping everything else from being used. Native ones are such without a mark. */
const MARKED = 'dialog:modal, [aria-modal="true"], [role="dialog"], [role="alertdialog"]';

/** Whether the page shows something that may keep the chat from being used. What is in the widget itself is not found. */
export const isUnderModal = (): boolean =>
  [...document.querySelectorAll(MARKED)].some((each) => each.getClientRects().length > 0);

/** Tells which native modal dialog lies over everything; the browser does not. */
export const createTopmost = (): (() => Element | undefined) => {
  let known: Element[] = [];
  return () => {
    const open = [...document.querySelectorAll('dialog:modal')];
    known = known.filter((dialog) => open.includes(dialog));
    known.push(...open.filter((dialog) => !known.includes(dialog)));
    return known.at(-1);
  };
};
