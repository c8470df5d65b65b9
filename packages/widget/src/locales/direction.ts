/** The direction that a language's text is read in: that of its letters. */
export const directionOf = (text: string): 'ltr' | 'rtl' => (/[\u0590-\u08ff]/.test(text) ? 'rtl' : 'ltr');
