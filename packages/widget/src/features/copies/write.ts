import type { I18n } from '../../i18n/translate.ts';
import type { ConversationEvent } from '../../view/model.ts';

/** Whose words, in which language. */
interface Transcript {
  /** Oldest first. */
  events: readonly ConversationEvent[];
  brand: string;
  i18n: I18n;
}

/** Marks of direction that a name or text brings along would reach into what follows. */
const plain = (text: string): string => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');

const isolated = (text: string): string => `\u2068${plain(text)}\u2069`;

/**
 * A conversation as plain text: a head for each message (who, when), what was said, and its files by name. It begins with a
 * byte order mark, without which some editors take it for another encoding.
 */
export const writeTranscript = ({ events, brand, i18n }: Transcript): string => {
  const when = (at: number) => `${i18n.day(at, 0)} ${i18n.time(at)}`;
  const edits = new Map(
    events.flatMap((event) => (event.type === 'message.edited' ? [[event.message, event.text]] : [])),
  );
  const lines = events.flatMap((event): string[] => {
    if (event.type === 'case.opened') return [`— ${i18n.text('caseNumber', { n: event.case })} —`];
    if (event.type === 'case.resolved') return [`— ${i18n.text('resolved')} —`];
    if (event.type !== 'message') return [];
    const { author, attachments, at } = event;
    const text = (!event.deleted && edits.get(event.seq)) || event.text;
    const name = author.kind === 'customer' ? i18n.text('you') : (author.name ?? i18n.text('support'));
    const files = attachments.map(
      (file) => `[${i18n.text('file')}${file.name ? `: ${isolated(file.name)}` : ''}]`,
    );
    const said = [plain(text), ...files].filter(Boolean).join('\r\n');
    return said === '' ? [] : [`${isolated(name)}, ${when(at)}\r\n${said.replace(/\r?\n/g, '\r\n')}`];
  });
  return `\ufeff${plain(brand)}\r\n\r\n${lines.join('\r\n\r\n')}\r\n`;
};
