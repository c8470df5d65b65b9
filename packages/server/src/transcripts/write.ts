import type { ConversationEvent } from '@continuo/protocol';
import { wholeText } from '../conversations/rich.ts';
import { transcriptWords } from './words.ts';

/** What is written down, for whom. */
export interface TranscriptInput {
  /** Oldest first. */
  events: readonly ConversationEvent[];
  brand: string;
  /** BCP 47 tag; null or unknown: English. */
  locale: string | null;
  /** IANA name; unknown: UTC. */
  timeZone: string;
  /** Something came before the first event. */
  isCut: boolean;
}

/** A mail's parts. Nothing in them is markup that anyone typed. */
export interface Transcript {
  subject: string;
  text: string;
  html: string;
}

interface Line {
  head: string | null;
  body: string;
}

const dateFormat = (locale: string | null, timeZone: string): Intl.DateTimeFormat => {
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  try {
    return new Intl.DateTimeFormat(locale?.replaceAll('_', '-') ?? 'en', { ...style, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en', { ...style, timeZone: 'UTC' });
  }
};

/** Characters that would end a line, or turn the direction of what follows. */
const plain = (text: string): string => text.replace(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '');

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const createLines = ({ events, locale, timeZone }: TranscriptInput): Line[] => {
  const { words } = transcriptWords(locale);
  const dates = dateFormat(locale, timeZone);
  const edits = new Map(
    events.flatMap((event) => (event.type === 'message.edited' ? [[event.message, event.text]] : [])),
  );
  return events.flatMap((event): Line[] => {
    if (event.type === 'case.opened') return [{ head: null, body: words.caseOpened(event.case) }];
    if (event.type === 'case.resolved') return [{ head: null, body: words.caseResolved(event.case) }];
    if (event.type === 'form.answered') {
      const said = event.answers.map(({ label, value }) => `${label}: ${value}`).join('\n');
      const head = plain(`${words.customer}, ${dates.format(event.at)}`);
      return said === '' ? [] : [{ head, body: plain(said) }];
    }
    if (event.type !== 'message') return [];
    const { author, attachments, rich } = event;
    const said = (!event.deleted && edits.get(event.seq)) || event.text;
    const text = rich ? wholeText({ text: said, rich }) : said;
    const name = author.name ?? (author.kind === 'customer' ? words.customer : words.support);
    const files = attachments.map((file) => `[${words.file}${file.name === null ? '' : `: ${file.name}`}]`);
    const body = [text, ...files].filter(Boolean).join('\n');
    if (body === '') return [];
    return [{ head: plain(`${name.replaceAll('\n', ' ')}, ${dates.format(event.at)}`), body: plain(body) }];
  });
};

/**
 * A conversation as a mail: plain text, and the same as the smallest HTML. What people wrote is escaped, and no address in
 * it is made a link, so that nobody can use the brand's mail to lead others somewhere.
 */
export const writeTranscript = (input: TranscriptInput): Transcript => {
  const { words, lang, dir } = transcriptWords(input.locale);
  const lines = createLines(input);
  const subject = plain(words.subject(input.brand)).replaceAll('\n', ' ');
  const intro = [words.intro, ...(input.isCut ? [words.earlierLeftOut] : [])];
  const text = [
    ...intro,
    ...lines.map(({ head, body }) => (head === null ? `— ${body}` : `${head}\n${body}`)),
  ].join('\n\n');
  const paragraph = ({ head, body }: Line) => {
    const words = escaped(body).replaceAll('\n', '<br>');
    return head === null
      ? `<p><em>${words}</em></p>`
      : `<p><strong dir="auto">${escaped(head)}</strong></p><p dir="auto">${words}</p>`;
  };
  const html = `<!doctype html><html lang="${lang}" dir="${dir}"><head><meta charset="utf-8"><title>${escaped(
    subject,
  )}</title></head><body>${intro.map((line) => `<p>${escaped(line)}</p>`).join('')}<hr>${lines
    .map(paragraph)
    .join('')}</body></html>`;
  return { subject, text: `${text}\n`, html };
};
