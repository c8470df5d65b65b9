import { feature } from '../../panel/Later.tsx';
import * as menu from '../menu/Menu.tsx';

/** What may lie over the conversation, by name. The name is also the key of its title in the catalogue. */
export const PAGES = {
  // What is pressed first comes with the frame.
  menu: feature(async () => menu),
  language: feature(() => import('../language/Language.tsx')),
  hours: feature(() => import('../hours/Hours.tsx')),
  callback: feature(() => import('../callback/Callback.tsx')),
  search: feature(() => import('../find/Search.tsx')),
  cases: feature(() => import('../find/Cases.tsx')),
  transcript: feature(() => import('../copies/Transcript.tsx')),
  myData: feature(() => import('../my-data/MyData.tsx')),
  otherDevice: feature(() => import('../elsewhere/OtherDevice.tsx')),
  toMessenger: feature(() => import('../elsewhere/ToMessenger.tsx')),
  otherBrowser: feature(() => import('../elsewhere/OtherBrowser.tsx')),
  endChat: feature(() => import('../end/EndChat.tsx')),
  leave: feature(() => import('../leave/Leave.tsx')),
} as const;

export type PageName = keyof typeof PAGES;
