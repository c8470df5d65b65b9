/** Values that a visitor chose, by the option's name; an empty text is the option's default. */
export type Chosen = Readonly<Record<string, string>>;

/** An option of the widget as the playground offers it. */
export interface Option {
  name: string;
  label: string;
  /** The values to choose from, with their names. None: a colour. */
  values?: Readonly<Record<string, string>>;
}

export const OPTIONS: readonly Option[] = [
  {
    name: 'locale',
    label: 'Language',
    values: {
      '': 'The page’s',
      en: 'English',
      ar: 'العربية',
      'ar-EG': 'العربية (مصر)',
      fa: 'فارسی',
      hi: 'हिन्दी',
      he: 'עברית',
    },
  },
  { name: 'theme', label: 'Theme', values: { '': 'The system’s', light: 'Light', dark: 'Dark' } },
  { name: 'accent', label: 'Accent' },
  { name: 'launcher', label: 'Launcher', values: { '': 'Shown', hidden: 'Hidden' } },
  { name: 'consent', label: 'Consent', values: { '': 'Functional', none: 'None' } },
];

/** What the widget's accent is without the option. */
export const ACCENT = '#17625c';

/** What was changed, in the options' order: the names and values that a snippet has to set. */
export const changed = (chosen: Chosen): [name: string, value: string][] =>
  OPTIONS.flatMap(({ name }) => {
    const value = chosen[name] ?? '';
    return value === '' || (name === 'accent' && value === ACCENT) ? [] : [[name, value]];
  });
