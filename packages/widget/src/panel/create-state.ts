import { createBrowserStorage, createClient as createRealClient } from '@continuo/core';
import { atom } from 'nanostores';
import type { PlainKey } from '../i18n/catalogue.ts';
import type { I18n } from '../i18n/translate.ts';
import { mayKeep, recall } from '../shell/memory.ts';
import type { PanelContext } from '../shell/types.ts';
import type { Attachment } from '../view/model.ts';
import { FOLLOWING } from '../view/page-window.ts';
import { createAnnouncer } from './announcer.ts';
import { createPages } from './create-pages.ts';

/** Phones, upright or lying: the panel covers the page (the same condition stands in styles/adapting.css). */
const COVERS = '(max-width: 480px), (max-height: 500px)';

/** Closed, or open with or without the focus in it. */
export type Openness = 'closed' | 'open' | 'focused';

/** A link to open, or, with `renew`, to have replaced by a fresh one. */
export interface Link {
  token: string;
  renew?: boolean;
}

/** What the composer writes other than a message of its own. */
export interface Composing {
  /** The message that is answered or edited. */
  seq: number;
  /** Editing: what stands in the field, and what becomes of it. */
  edit?: { text: string; write(text: string): void; send(text: string): void; problem?: PlainKey };
}

/** What the panel lives on, before anything is drawn. */
export const createState = ({ shell, createClient = createRealClient }: PanelContext) => {
  const { channel, baseUrl } = shell.options;
  const isKept = mayKeep(shell.options);
  const storage = createBrowserStorage(isKept);
  const client = createClient({
    baseUrl,
    channelKey: channel,
    locale: `${shell.localise()}`,
    storage,
    // What is in the memory of each tab is a session of its own.
    ...(!isKept && { tabs: undefined }),
  });
  return {
    shell,
    client,
    storage,
    announcer: createAnnouncer(),
    $open: atom<Openness>('closed'),
    pages: createPages(shell.root),
    /** The link that is being opened. */
    $handoff: atom<Link | null>(null),
    /** The conversation token that led here, so that a fresh link can be asked for. In memory only. */
    $token: atom<string | null>(null),
    /** The part of the timeline that was asked for last, to be drawn. */
    $jump: atom(FOLLOWING),
    $composing: atom<Composing | null>(null),
    /** Files given to be attached, until they are taken in; null while nothing is being attached. */
    $given: atom<readonly File[] | null>(null),
    /** What was uploaded for the next message; null while something is still on its way. */
    $ready: atom<readonly Attachment[] | null>([]),
    /** Null until the words are there. */
    $i18n: atom<I18n | null>(null),
    /** Whether this device's conversation, if there is one, was looked for. */
    $looked: atom(!recall(shell.options, true)),
    /** Whether the panel covers the page when it is open. */
    covers: matchMedia(COVERS),
  };
};

export type State = ReturnType<typeof createState>;
