/** What each score is called, from 1 to 5: keys of the catalogue. */
export const SCORES = ['rate1', 'rate2', 'rate3', 'rate4', 'rate5'] as const;
