/** A Facebook Page as the simulated Meta knows it. */
export interface Page {
  id: string;
  name: string;
  /** The name in `m.me/<username>`. */
  username: string;
  /** What the Send API accepts in `Authorization: Bearer` or `access_token`. */
  accessToken: string;
  /** Whether Meta granted the app the Human Agent permission for this Page. */
  humanAgent: boolean;
}

/** The app at Meta that the Page is connected to. */
export interface App {
  id: string;
  /** Signs webhooks. */
  secret: string;
}

/** A person on Messenger. `psid` is scoped to the Page. */
export interface Customer {
  psid: string;
  pageId: string;
  firstName: string;
  lastName: string;
  /** As Meta writes them, `ar_AR`. */
  locale: string;
  /** Null: the simulator draws one. */
  pictureUrl: string | null;
}

export type AttachmentType = 'image' | 'audio' | 'video' | 'file' | 'location';

export interface Attachment {
  type: AttachmentType;
  /** Null for a location. */
  url: string | null;
  title: string | null;
  coordinates: { lat: number; long: number } | null;
}

export type Button =
  | { type: 'web_url'; url: string; title: string }
  | { type: 'postback'; title: string; payload: string };

export interface QuickReply {
  title: string;
  payload: string;
}

export interface ThreadMessage {
  mid: string;
  /** Epoch milliseconds, the simulator's clock. */
  at: number;
  from: 'customer' | 'page';
  /** The app that sent it for the Page; `INBOX_APP_ID` for a person in the native inbox; null for the customer's own. */
  appId: string | null;
  text: string;
  attachments: Attachment[];
  buttons: Button[];
  /** Gone once one of them was pressed or the thread went on, as in Messenger. */
  quickReplies: QuickReply[];
  metadata: string | null;
  state: 'sent' | 'delivered' | 'read';
  /** The customer's emoji on it. */
  reaction: string | null;
}

export interface Thread {
  /** Something was said, or Get Started was pressed. */
  started: boolean;
  /** The last act of the customer that opens the window. */
  lastUserActionAt: number | null;
  /** A `ref` that waits for Get Started. */
  pendingRef: string | null;
  /** Whether the customer's phone has a connection; without one, messages stay `sent`. */
  online: boolean;
  /** The customer blocked the Page: the Send API answers 551. */
  blocked: boolean;
  /** Until when the Page's typing bubble shows. */
  typingUntil: number;
  messages: ThreadMessage[];
}

/** One element of `entry[].messaging[]`. */
export type Messaging = Record<string, unknown> & {
  sender: { id: string };
  recipient: { id: string };
  timestamp: number;
};

/** Meta's own id for the Page's inbox, as the handover protocol's documents name it. */
export const INBOX_APP_ID = '263902037430900';
