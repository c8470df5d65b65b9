import { directionOf, linkify, paragraphsOf } from '../view/text.ts';

interface WordsProps {
  text: string;
  /** The interface's direction. */
  dir: 'ltr' | 'rtl';
}

/** What someone wrote, as text: each paragraph finds its own direction, and addresses become links. */
export const Words = ({ text, dir }: WordsProps) =>
  paragraphsOf(text).map((paragraph) => (
    <p key={paragraph.at} dir={directionOf(paragraph.text, dir)}>
      {linkify(paragraph.text).map((piece) =>
        piece.href ? (
          <a key={piece.at} href={piece.href} dir="ltr" target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  ));
