/** What in-app browsers call themselves, in the order of looking: some wear the name of another one too. */
const APPS: readonly (readonly [sign: RegExp, app: string])[] = [
  [/\bInstagram\b/, 'Instagram'],
  [/\bFB(?:AN|_IAB)\/(?:Messenger|Orca)|\bMessengerForiOS\b|\bMessengerLiteForiOS\b/, 'Messenger'],
  [/\bFBA[NV]\/|\bFB_IAB\b/, 'Facebook'],
  [/\bLine\/\d/, 'LINE'],
  [/\b(?:musical_ly|BytedanceWebview|TikTok)/, 'TikTok'],
  [/\bTelegram-(?:Android|iOS)\b/, 'Telegram'],
];

/** The app whose own browser this is, by its user agent; null for a browser, and for an app that does not say. */
export const inAppBrowser = (userAgent: string): string | null =>
  APPS.find(([sign]) => sign.test(userAgent))?.[1] ?? null;
