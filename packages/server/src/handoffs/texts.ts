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

/** What is asked on a network of whom came by a link from the web. Answers have at most 20 characters: Messenger's limit. */
export interface ContinueText {
  ask: string;
  yes: string;
  no: string;
  done: string;
}

type WriteContinue = (brand: string) => ContinueText;

const CONTINUE: Record<SpokenLanguage, WriteContinue> = {
  en: (brand) => ({
    ask: `Did you just press “Continue on Messenger” on the site of ${brand}? Then you can carry on that conversation here. Whoever has it open there will see what is said here. If it was not you, press “Not me”.`,
    yes: 'Continue here',
    no: 'Not me',
    done: 'You carry on here now. Everything said so far is known to us.',
  }),
  ar: (brand) => ({
    ask: `هل ضغطت للتو على «المتابعة على ماسنجر» في موقع ${brand}؟ يمكنك إذن متابعة تلك المحادثة هنا. من كانت مفتوحة لديه هناك سيرى ما يقال هنا. إن لم تكن أنت، فاضغط «لست أنا».`,
    yes: 'المتابعة هنا',
    no: 'لست أنا',
    done: 'يمكنك المتابعة هنا الآن. كل ما قيل معروف لدينا.',
  }),
  fa: (brand) => ({
    ask: `آیا همین حالا در سایت ${brand} «ادامه در مسنجر» را زدید؟ پس می‌توانید آن گفتگو را اینجا ادامه دهید. هر کس آن را آنجا باز دارد، آنچه اینجا گفته شود را می‌بیند. اگر شما نبودید، «من نیستم» را بزنید.`,
    yes: 'ادامه در اینجا',
    no: 'من نیستم',
    done: 'از این پس اینجا ادامه دهید. هر آنچه گفته شده را می‌دانیم.',
  }),
  hi: (brand) => ({
    ask: `क्या आपने अभी ${brand} की साइट पर “Messenger पर जारी रखें” दबाया? तो आप वह बातचीत यहाँ जारी रख सकते हैं। वहाँ जिसके पास वह खुली है, वह यहाँ की बातें देखेगा। अगर वह आप नहीं थे, तो “मैं नहीं” दबाएँ।`,
    yes: 'यहाँ जारी रखें',
    no: 'मैं नहीं',
    done: 'अब आप यहाँ जारी रख सकते हैं। अब तक की पूरी बातचीत हमें मालूम है।',
  }),
  he: (brand) => ({
    ask: `האם לחצת הרגע על „המשך במסנג׳ר” באתר של ${brand}? אפשר להמשיך את השיחה ההיא כאן. מי שהיא פתוחה אצלו שם יראה את מה שנאמר כאן. אם זה לא היה את או אתה, יש ללחוץ על „לא אני”.`,
    yes: 'המשך כאן',
    no: 'לא אני',
    done: 'השיחה ממשיכה כאן. כל מה שנאמר עד כה ידוע לנו.',
  }),
};

/** The question and its answers, in the customer's language where we have it. `locale` as for {@link handoffText}. */
export const continueText = (locale: string | null, brand: string): ContinueText =>
  CONTINUE[spokenLanguage(locale)](brand);

/**
 * The words around a link, in the customer's language where we have it, else in English.
 * `locale` is a BCP 47 tag or a network's own form (`ar_AR`).
 */
export const handoffText = (locale: string | null, agentName: string | null): HandoffText =>
  TEXTS[spokenLanguage(locale)](agentName);
