import { feature } from './Later.tsx';

/** What lies over the conversation: its frame, with the menu. */
export const PAGE = feature(() => import('../features/page/Page.tsx'));
/** The screens of a link that is being opened. */
export const HANDOFF = feature(() => import('../features/handoff/HandoffScreen.tsx'));
/** Who answers, and when. */
export const SERVICE = feature(() => import('../features/service/Service.tsx'));
/** The call that was asked for, in the log. */
export const CALLBACK = feature(() => import('../features/callback/CallbackCard.tsx'));
/** The question whether to wait for an agent who is away. */
export const AWAY_CHOICE = feature(() => import('../features/choice/AwayChoice.tsx'));
/** What keeps the chat usable while the page shows a modal. */
export const GUARD = feature(() => import('../features/guard/Guard.tsx'));
