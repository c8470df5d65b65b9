import type { DeliveryContent } from './content.ts';

/** Several messages as one, in order, a blank line between them. */
export const joinTexts = (contents: readonly Pick<DeliveryContent, 'text'>[]): string =>
  contents.map(({ text }) => text).join('\n\n');
