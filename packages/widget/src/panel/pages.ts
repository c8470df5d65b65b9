import { feature } from './Later.tsx';

/** What may lie over the conversation, by name. The name is also the key of its title in the catalogue. */
export const PAGES = {
  menu: feature(() => import('../features/menu/Menu.tsx')),
  language: feature(() => import('../features/language/Language.tsx')),
  leave: feature(() => import('../features/leave/Leave.tsx')),
} as const;

export type PageName = keyof typeof PAGES;
