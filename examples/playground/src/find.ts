/** An element of the page by its id. @throws Error where there is none of that kind */
export const find = <T extends HTMLElement>(id: string, kind: { new (): T }): T => {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`The page has no #${id}`);
  return element;
};
