import { type SpokenLanguage, spokenLanguage } from '../customers/spoken-language.ts';

/** What goes into the social thread with a link. */
export interface HandoffText {
  text: string;
  /** At most 20 characters: Messenger's limit for a button (Meta, Send API reference). */
  button: string;
}

type Write = (agentName: string | null) => HandoffText;

const TEXTS: Record<SpokenLanguage, Write> = {
  en: (agent) => ({
    text: `You can carry on this conversation on our site${agent ? `, with ${agent}` : ''}. Everything said so far will be there. The link is for you alone: please do not pass it on.`,
    button: 'Continue on our site',
  }),
  ar: (agent) => ({
    text: `يمكنك متابعة هذه المحادثة على موقعنا${agent ? ` مع ${agent}` : ''}، وستجد فيها كل ما قيل حتى الآن. هذا الرابط لك وحدك، فنرجو عدم إرساله إلى غيرك.`,
    button: 'المتابعة على موقعنا',
  }),
  fa: (agent) => ({
    text: `می‌توانید این گفتگو را در سایت ما${agent ? ` با ${agent}` : ''} ادامه دهید. هر آنچه تاکنون گفته شده، آنجا هم هست. این پیوند فقط برای شماست؛ لطفاً آن را برای کس دیگری نفرستید.`,
    button: 'ادامه در سایت ما',
  }),
  hi: (agent) => ({
    text: `आप यह बातचीत हमारी साइट पर${agent ? ` ${agent} के साथ` : ''} जारी रख सकते हैं। अब तक की पूरी बातचीत वहाँ मिलेगी। यह लिंक केवल आपके लिए है, कृपया इसे किसी और को न भेजें।`,
    button: 'साइट पर जारी रखें',
  }),
  he: (agent) => ({
    text: `אפשר להמשיך את השיחה הזאת באתר שלנו${agent ? ` עם ${agent}` : ''}. כל מה שנאמר עד כה יופיע שם. הקישור מיועד לך בלבד, ונבקש לא להעביר אותו הלאה.`,
    button: 'המשך באתר שלנו',
  }),
};

/**
 * The words around a link, in the customer's language where we have it, else in English.
 * `locale` is a BCP 47 tag or a network's own form (`ar_AR`).
 */
export const handoffText = (locale: string | null, agentName: string | null): HandoffText =>
  TEXTS[spokenLanguage(locale)](agentName);
