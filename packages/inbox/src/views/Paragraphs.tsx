import { paragraphsOf } from '../state/timeline.ts';
import { useText } from './context.ts';

/** What a person wrote: text and nothing else. Each line takes its own direction; addresses can be followed. */
export function Paragraphs({ text }: { text: string }) {
  const { t } = useText();
  return (
    <>
      {paragraphsOf(text).map(({ key, pieces }) => (
        <p key={key} dir="auto">
          {pieces.map(({ key, text: piece, href }) =>
            href === null ? (
              piece
            ) : (
              <a
                key={key}
                href={href}
                target="_blank"
                rel="noopener noreferrer nofollow"
                title={t('opensInNewTab', { name: href })}
              >
                <bdi dir="ltr">{piece}</bdi>
              </a>
            ),
          )}
        </p>
      ))}
    </>
  );
}
