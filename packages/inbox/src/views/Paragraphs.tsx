import { type Block, type Line, type Piece, parseMarkup } from '@continuo/core/conversation';
import type { ComponentChildren } from 'preact';
import { useText } from './context.ts';

/** Where a link leads, as an agent should see it before they follow it; empty where its words are the address. */
const placeOf = ({ text, href }: Piece): string => {
  if (!href || /^https?:/i.test(text)) return '';
  const { host, pathname } = new URL(href);
  return host || pathname;
};

function Words({ piece }: { piece: Piece }) {
  const { t } = useText();
  const { text, href, bold, italic, code } = piece;
  let words: ComponentChildren = text;
  if (code) words = <code dir="ltr">{words}</code>;
  if (italic) words = <em>{words}</em>;
  if (bold) words = <strong>{words}</strong>;
  if (href === null) return <>{words}</>;
  const place = placeOf(piece);
  return (
    <>
      <a
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        title={t('opensInNewTab', { name: href })}
      >
        <bdi dir={place ? 'auto' : 'ltr'}>{words}</bdi>
      </a>
      {place && (
        <span class="link-place">
          {' '}
          (<bdi dir="ltr">{place}</bdi>)
        </span>
      )}
    </>
  );
}

const wordsOf = ({ pieces }: Line) => pieces.map((piece) => <Words key={piece.at} piece={piece} />);

function Part({ block }: { block: Block }) {
  if (block.kind === 'line') return <p dir="auto">{wordsOf(block.line)}</p>;
  if (block.kind === 'code') {
    return (
      <pre dir="ltr">
        <code>{block.text}</code>
      </pre>
    );
  }
  const items = block.items.map((item) => (
    <li key={item.at} dir="auto">
      {wordsOf(item)}
    </li>
  ));
  return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
}

/** What a person wrote: text and the few marks that a message may show. Each line takes its own direction. */
export function Paragraphs({ text }: { text: string }) {
  return (
    <>
      {parseMarkup(text.trim()).map((block) => (
        <Part key={block.at} block={block} />
      ))}
    </>
  );
}
