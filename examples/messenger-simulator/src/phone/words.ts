/** The phone speaks its owner's language. */
export interface Words {
  lang: string;
  dir: 'ltr' | 'rtl';
  message: string;
  send: string;
  picture: string;
  getStarted: string;
  typing: string;
  states: { sent: string; delivered: string; read: string };
  intro: string;
  you: string;
  messages: string;
  failed: string;
  sentPicture: string;
  location: string;
  file: string;
  /** What they came to say. */
  complaint: string;
}

const en: Words = {
  lang: 'en',
  dir: 'ltr',
  message: 'Message',
  send: 'Send',
  picture: 'Send a picture',
  getStarted: 'Get Started',
  typing: 'is typing',
  states: { sent: 'Sent', delivered: 'Delivered', read: 'Seen' },
  intro: 'Typically replies within minutes',
  you: 'You',
  messages: 'Messages',
  failed: 'Not sent. Try again.',
  sentPicture: 'Picture',
  location: 'Location',
  file: 'File',
  complaint: 'My coffee order #4821 should have come on Monday. Where is it?',
};

const ar: Words = {
  lang: 'ar',
  dir: 'rtl',
  message: 'رسالة',
  send: 'إرسال',
  picture: 'إرسال صورة',
  getStarted: 'بدء الاستخدام',
  typing: 'يكتب الآن',
  states: { sent: 'تم الإرسال', delivered: 'تم التسليم', read: 'تمت القراءة' },
  intro: 'يرد عادةً خلال دقائق',
  you: 'أنت',
  messages: 'الرسائل',
  failed: 'لم تُرسل. حاول مرة أخرى.',
  sentPicture: 'صورة',
  location: 'الموقع',
  file: 'ملف',
  complaint: 'طلب القهوة رقم 4821 كان يجب أن يصل يوم الاثنين. أين هو؟',
};

const hi: Words = {
  lang: 'hi',
  dir: 'ltr',
  message: 'संदेश',
  send: 'भेजें',
  picture: 'तस्वीर भेजें',
  getStarted: 'शुरू करें',
  typing: 'लिख रहे हैं',
  states: { sent: 'भेजा गया', delivered: 'पहुँच गया', read: 'देखा गया' },
  intro: 'आमतौर पर कुछ मिनटों में जवाब देते हैं',
  you: 'आप',
  messages: 'संदेश',
  failed: 'नहीं भेजा गया। फिर कोशिश करें।',
  sentPicture: 'तस्वीर',
  location: 'जगह',
  file: 'फ़ाइल',
  complaint: 'मेरा कॉफ़ी ऑर्डर #4821 सोमवार को आना था। वह कहाँ है?',
};

const fa: Words = {
  lang: 'fa',
  dir: 'rtl',
  message: 'پیام',
  send: 'ارسال',
  picture: 'ارسال عکس',
  getStarted: 'شروع',
  typing: 'در حال نوشتن است',
  states: { sent: 'فرستاده شد', delivered: 'رسید', read: 'دیده شد' },
  intro: 'معمولاً ظرف چند دقیقه پاسخ می‌دهد',
  you: 'شما',
  messages: 'پیام‌ها',
  failed: 'فرستاده نشد. دوباره تلاش کنید.',
  sentPicture: 'عکس',
  location: 'مکان',
  file: 'پرونده',
  complaint: 'سفارش قهوهٔ من به شمارهٔ ۴۸۲۱ باید دوشنبه می‌رسید. کجاست؟',
};

const all: Record<string, Words> = { en, ar, hi, fa };

/** Words for a locale as Meta writes it, `ar_AR`; English where there are none. */
export const wordsFor = (locale: string): Words => all[locale.slice(0, 2)] ?? en;
