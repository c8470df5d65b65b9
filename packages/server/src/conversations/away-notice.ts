import { type SpokenLanguage, spokenLanguage } from '../customers/spoken-language.ts';
import { CHOICE_PAYLOADS } from './choice.ts';

interface Texts {
  notice(agent: string): string;
  wait(agent: string): string;
  colleague: string;
}

const TEXTS: Record<SpokenLanguage, Texts> = {
  en: {
    notice: (agent) => `${agent} is away right now. Would you like to wait, or shall a colleague take over?`,
    wait: (agent) => `Wait for ${agent}`,
    colleague: 'A colleague, please',
  },
  ar: {
    notice: (agent) =>
      `لا يمكن لـ ${agent} الرد الآن. هل الأفضل الانتظار أم أن يتولى شخص آخر من الفريق المحادثة؟`,
    wait: (agent) => `انتظار ${agent}`,
    colleague: 'التحدث مع شخص آخر',
  },
  fa: {
    notice: (agent) => `${agent} اکنون در دسترس نیست. مایلید منتظر بمانید یا همکار دیگری پاسخ‌گوی شما باشد؟`,
    wait: (agent) => `انتظار برای ${agent}`,
    colleague: 'گفتگو با همکار دیگر',
  },
  hi: {
    notice: (agent) => `${agent} अभी उपलब्ध नहीं हैं। इंतज़ार करना है या टीम में किसी और से बात करनी है?`,
    wait: (agent) => `${agent} का इंतज़ार`,
    colleague: 'किसी और से बात',
  },
  he: {
    notice: (agent) => `כרגע אין מענה מצד ${agent}. להמתין, או לדבר עם מישהו אחר מהצוות?`,
    wait: (agent) => `המתנה ל־${agent}`,
    colleague: 'שיחה עם מישהו אחר',
  },
};

/**
 * What a customer who writes from a network is told when their agent is away, with the answers to press.
 *
 * @param locale BCP 47, or as the network told; null: English
 */
export const awayNotice = (agent: string, locale: string | null) => {
  const texts = TEXTS[spokenLanguage(locale)];
  return {
    text: texts.notice(agent),
    choices: [
      { title: texts.wait(agent), payload: CHOICE_PAYLOADS.wait },
      { title: texts.colleague, payload: CHOICE_PAYLOADS.colleague },
    ],
  };
};
