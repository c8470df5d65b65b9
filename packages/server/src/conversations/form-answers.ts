import type { AnswerForm, FormAnsweredEvent, RichField } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';

type Answers = FormAnsweredEvent['answers'];

const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

const isDate = (value: string): boolean => {
  const [, year, month, day] = DATE.exec(value)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

const FITS: Record<RichField['type'], (value: string, field: RichField) => boolean> = {
  text: (value) => !value.includes('\n'),
  multiline: () => true,
  email: (value) => EMAIL.test(value),
  tel: (value) => /^[+\d\s().\-/]+$/.test(value) && value.replace(/\D/g, '').length >= 5,
  number: (value) => Number.isFinite(Number(value)),
  date: isDate,
  select: (value, { options = [] }) => options.includes(value),
};

/**
 * What was filled in, in the order of the form; what was left empty is left out.
 *
 * @throws ContinuoError `bad_request` whose `errors` name each field that is missing or does not fit, and each that the
 *   form does not have or has twice
 */
export const readAnswers = (fields: readonly RichField[], given: AnswerForm['answers']): Answers => {
  const errors: { path: string; message: string }[] = [];
  const values = new Map<string, string>();
  for (const { name, value } of given) {
    if (values.has(name) || !fields.some((field) => field.name === name))
      errors.push({ path: `/answers/${name}`, message: 'no such field, or twice' });
    values.set(name, value.trim());
  }
  const answers: Answers = [];
  for (const field of fields) {
    const { name, label, type, required } = field;
    const value = values.get(name) ?? '';
    if (value !== '' && FITS[type](value, field)) answers.push({ name, label, value });
    else if (value !== '') errors.push({ path: `/answers/${name}`, message: `is no ${type} of the form` });
    else if (required) errors.push({ path: `/answers/${name}`, message: 'is required' });
  }
  if (errors.length > 0)
    throw new ContinuoError('bad_request', { detail: 'The form is not filled in', errors });
  return answers;
};
