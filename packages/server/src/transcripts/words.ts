import { directionOf, type SpokenLanguage, spokenLanguage } from '../customers/spoken-language.ts';

/** What a transcript says besides what was said. */
export interface TranscriptWords {
  subject: (brand: string) => string;
  intro: string;
  customer: string;
  support: string;
  file: string;
  earlierLeftOut: string;
  caseOpened: (number: number) => string;
  caseResolved: (number: number) => string;
}

const WORDS: Record<SpokenLanguage, TranscriptWords> = {
  en: {
    subject: (brand) => `Your conversation with ${brand}`,
    intro: 'You asked for this copy of your conversation. Replies to this address are not read.',
    customer: 'You',
    support: 'Support',
    file: 'File',
    earlierLeftOut: 'Earlier messages are not in this copy.',
    caseOpened: (number) => `Case ${number} was opened.`,
    caseResolved: (number) => `Case ${number} was resolved.`,
  },
  ar: {
    subject: (brand) => `محادثتك مع ${brand}`,
    intro: 'طلبت هذه النسخة من محادثتك. لا تُقرأ الردود على هذا العنوان.',
    customer: 'أنت',
    support: 'الدعم',
    file: 'ملف',
    earlierLeftOut: 'لا تحتوي هذه النسخة على الرسائل الأقدم.',
    caseOpened: (number) => `فُتح الطلب رقم ${number}.`,
    caseResolved: (number) => `أُغلق الطلب رقم ${number}.`,
  },
  fa: {
    subject: (brand) => `گفتگوی شما با ${brand}`,
    intro: 'این نسخه از گفتگو را خودتان درخواست کرده‌اید. پاسخ به این نشانی خوانده نمی‌شود.',
    customer: 'شما',
    support: 'پشتیبانی',
    file: 'فایل',
    earlierLeftOut: 'پیام‌های قدیمی‌تر در این نسخه نیستند.',
    caseOpened: (number) => `درخواست ${number} باز شد.`,
    caseResolved: (number) => `درخواست ${number} بسته شد.`,
  },
  he: {
    subject: (brand) => `השיחה שלך עם ${brand}`,
    intro: 'ביקשת את העותק הזה של השיחה. תשובות לכתובת זו אינן נקראות.',
    customer: 'ממך',
    support: 'תמיכה',
    file: 'קובץ',
    earlierLeftOut: 'הודעות מוקדמות יותר אינן בעותק הזה.',
    caseOpened: (number) => `פנייה ${number} נפתחה.`,
    caseResolved: (number) => `פנייה ${number} נסגרה.`,
  },
  hi: {
    subject: (brand) => `${brand} के साथ आपकी बातचीत`,
    intro: 'आपने अपनी बातचीत की यह प्रति माँगी थी। इस पते पर आए जवाब नहीं पढ़े जाते।',
    customer: 'आप',
    support: 'सहायता',
    file: 'फ़ाइल',
    earlierLeftOut: 'पुराने संदेश इस प्रति में नहीं हैं।',
    caseOpened: (number) => `अनुरोध ${number} शुरू हुआ।`,
    caseResolved: (number) => `अनुरोध ${number} बंद हुआ।`,
  },
};

/** Words in the language of this tag where we have them, else in English. */
export const transcriptWords = (locale: string | null) => {
  const lang = spokenLanguage(locale);
  return { words: WORDS[lang], lang, dir: directionOf(lang) };
};
