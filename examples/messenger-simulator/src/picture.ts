import type { Customer } from './types.ts';

const COLOURS = ['#c2410c', '#0f766e', '#6d28d9', '#b91c5c', '#1d4ed8', '#4d7c0f'];

const escapeXml = (text: string): string => text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** A drawn picture: the first letters on a colour of the customer's own. */
export const pictureOf = ({ psid, firstName, lastName }: Customer): string => {
  const sum = [...psid].reduce((total, digit) => total + Number(digit), 0);
  const colour = COLOURS[sum % COLOURS.length];
  const letters = [...firstName].slice(0, 1).join('') + [...lastName].slice(0, 1).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96"><rect width="96" height="96" fill="${colour}"/><circle cx="76" cy="16" r="34" fill="#fff" opacity=".12"/><text x="48" y="50" fill="#fff" font-family="system-ui, sans-serif" font-size="36" font-weight="600" text-anchor="middle" dominant-baseline="middle">${escapeXml(letters)}</text></svg>`;
};
