import { CHOICE_PAYLOADS } from './choice.ts';

interface Texts {
  notice(agent: string): string;
  wait(agent: string): string;
  colleague: string;
}

const ENGLISH: Texts = {
  notice: (agent) => `${agent} is away right now. Would you like to wait, or shall a colleague take over?`,
  wait: (agent) => `Wait for ${agent}`,
  colleague: 'A colleague, please',
};

const ARABIC: Texts = {
  notice: (agent) => `${agent} غير متاح حاليًا. هل تفضّل الانتظار أم يتولى زميل آخر محادثتك؟`,
  wait: (agent) => `انتظار ${agent}`,
  colleague: 'أريد زميلًا آخر',
};

/**
 * What a customer who writes from a network is told when their agent is away, with the answers to press.
 *
 * @param locale BCP 47, as the network told; null: English
 */
export const awayNotice = (agent: string, locale: string | null) => {
  const texts = locale?.toLowerCase().startsWith('ar') ? ARABIC : ENGLISH;
  return {
    text: texts.notice(agent),
    choices: [
      { title: texts.wait(agent), payload: CHOICE_PAYLOADS.wait },
      { title: texts.colleague, payload: CHOICE_PAYLOADS.colleague },
    ],
  };
};
