import type { SpokenLanguage } from '../customers/spoken-language.ts';

/** What the hosted page says until the chat is there. */
export interface HostedTexts {
  title: string;
  soon: string;
  needsScript: string;
}

export const HOSTED_TEXTS: Record<SpokenLanguage, HostedTexts> = {
  en: {
    title: 'Continue your conversation',
    soon: 'It opens here in a moment. If it does not, load this page again.',
    needsScript: 'This page needs JavaScript.',
  },
  ar: {
    title: 'متابعة محادثتك',
    soon: 'ستُفتح المحادثة هنا بعد لحظات. إن لم تُفتح، فيُرجى تحديث هذه الصفحة.',
    needsScript: 'تحتاج هذه الصفحة إلى تفعيل JavaScript.',
  },
  fa: {
    title: 'ادامهٔ گفتگوی شما',
    soon: 'گفتگو تا چند لحظهٔ دیگر همین‌جا باز می‌شود. اگر باز نشد، صفحه را دوباره بارگذاری کنید.',
    needsScript: 'این صفحه به JavaScript نیاز دارد.',
  },
  hi: {
    title: 'अपनी बातचीत जारी रखें',
    soon: 'बातचीत कुछ ही पलों में यहाँ खुलेगी। न खुले तो यह पेज फिर से लोड करें।',
    needsScript: 'इस पेज के लिए JavaScript ज़रूरी है।',
  },
  he: {
    title: 'המשך השיחה שלך',
    soon: 'השיחה תיפתח כאן בעוד רגע. אם לא נפתחה, יש לטעון את הדף מחדש.',
    needsScript: 'הדף הזה דורש JavaScript.',
  },
};
