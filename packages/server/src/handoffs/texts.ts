/** What goes into the social thread with a link. */
export interface HandoffText {
  text: string;
  /** At most 20 characters: Messenger's limit for a button (Meta, Send API reference). */
  button: string;
}

type Write = (agentName: string | null) => HandoffText;

const TEXTS = {
  en: (agent) => ({
    text: `You can carry on this conversation on our site${agent ? `, with ${agent}` : ''}. Everything said so far will be there. The link is for you alone: please do not pass it on.`,
    button: 'Continue on our site',
  }),
  ar: (agent) => ({
    text: `يمكنك متابعة هذه المحادثة على موقعنا${agent ? ` مع ${agent}` : ''}، وستجد فيها كل ما قيل حتى الآن. هذا الرابط لك وحدك، فنرجو ألا ترسله إلى غيرك.`,
    button: 'المتابعة على موقعنا',
  }),
} as const satisfies Record<string, Write>;

/**
 * The words around a link, in the customer's language where we have it, else in English.
 * `locale` is a BCP 47 tag or a network's own form (`ar_AR`).
 */
export const handoffText = (locale: string | null, agentName: string | null): HandoffText => {
  const language = locale?.toLowerCase().split(/[-_]/, 1)[0];
  return TEXTS[language === 'ar' ? 'ar' : 'en'](agentName);
};
