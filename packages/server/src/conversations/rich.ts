import { LIMITS, type Rich, type RichOption } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';

/** Every option that can be pressed, in order. */
export const optionsOf = (rich: Rich): RichOption[] => {
  if (rich.kind === 'replies') return rich.options;
  return rich.kind === 'cards' ? rich.cards.flatMap(({ options = [] }) => options) : [];
};

/**
 * What is shown below a message's text, as lines of words: for a network that cannot show it, and for transcripts.
 *
 * @param withOptions - Whether the options are told, numbered through. Not where they are shown to be pressed.
 */
export const inWords = (rich: Rich, withOptions = true): string => {
  let number = 0;
  const numbered = (options: readonly RichOption[] = []) =>
    withOptions ? options.map(({ label }) => `${++number}. ${label}`) : [];
  if (rich.kind === 'replies') return numbered(rich.options).join('\n');
  if (rich.kind === 'form') {
    return [rich.title, ...rich.fields.map(({ label }) => `- ${label}`)].filter(Boolean).join('\n');
  }
  return rich.cards
    .map(({ title, text, links = [], options }) =>
      [title, text, ...links.map(({ label, url }) => `${label}: ${url}`), ...numbered(options)]
        .filter(Boolean)
        .join('\n'),
    )
    .join('\n\n');
};

/** A message's text with what is shown below it. */
export const wholeText = ({ text, rich }: { text: string; rich?: Rich }, withOptions = true): string =>
  [text, rich ? inWords(rich, withOptions) : ''].filter(Boolean).join('\n\n');

const refuse = (path: string, message: string): never => {
  throw new ContinuoError('bad_request', { detail: message, errors: [{ path, message }] });
};

const isTwice = (names: readonly string[]): boolean => new Set(names).size < names.length;

/**
 * Checks what a schema cannot say.
 *
 * @throws ContinuoError `bad_request` when an option's id or a field's name is there twice, a field has options that it
 *   must not have or lacks, or text and all the rest in words are too long to be carried anywhere
 */
export const checkRich = ({ text, rich }: { text: string; rich?: Rich }): void => {
  if (!rich) return;
  if (isTwice(optionsOf(rich).map(({ id }) => id))) refuse('/rich', 'two options have the same id');
  if (rich.kind === 'form') {
    if (isTwice(rich.fields.map(({ name }) => name))) refuse('/rich/fields', 'two fields have the same name');
    if (rich.fields.some(({ type, options }) => (type === 'select') !== (options !== undefined)))
      refuse('/rich/fields', 'a select has options, and no other field has');
  }
  if (wholeText({ text, rich }).length > LIMITS.textLength)
    refuse('/rich', `with its text and in words it is over ${LIMITS.textLength} characters`);
};
