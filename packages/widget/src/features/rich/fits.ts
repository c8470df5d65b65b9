import type { PlainKey } from '../../i18n/catalogue.ts';
import type { Field } from './asked.ts';

const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

/** What is wrong with what stands in a field, by the text that says it; null where it fits. The server checks the same. */
export const problemOf = ({ type, required }: Field, value: string): PlainKey | null => {
  if (value === '') return required ? 'fieldWrong' : null;
  if (type === 'email' && !EMAIL.test(value)) return 'mailWrong';
  const isPhone = /^[+\d\s().\-/]+$/.test(value) && value.replace(/\D/g, '').length >= 5;
  if (type === 'tel' && !isPhone) return 'fieldWrong';
  return type === 'number' && !Number.isFinite(Number(value)) ? 'fieldWrong' : null;
};
