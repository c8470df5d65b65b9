import { type Block, type Line, type Piece, parseMarkup } from '@continuo/core';
import type { ComponentChildren } from 'preact';
import type { WordsProps } from '../../panel/Words.tsx';
import { directionOf } from '../../view/text.ts';
import css from './rich-text.css';

export { css };

const Look = ({ text, href, bold, italic, code }: Piece) => {
  let words: ComponentChildren = text;
  if (code) words = <code dir="ltr">{words}</code>;
  if (italic) words = <em>{words}</em>;
  if (bold) words = <strong>{words}</strong>;
  if (!href) return <>{words}</>;
  const isBare = /^https?:/i.test(text);
  return (
    <a
      href={href}
      dir={isBare ? 'ltr' : 'auto'}
      // Words can say anything: this is where it leads.
      title={isBare ? undefined : href}
      target="_blank"
      rel="noopener noreferrer nofollow"
    >
      {words}
    </a>
  );
};

const piecesOf = ({ pieces }: Line) => pieces.map((piece) => <Look key={piece.at} {...piece} />);

const Part = ({ block, dir }: { block: Block; dir: 'ltr' | 'rtl' }) => {
  if (block.kind === 'line') return <p dir={directionOf(block.line.text, dir)}>{piecesOf(block.line)}</p>;
  if (block.kind === 'code') {
    return (
      <pre dir="ltr">
        <code>{block.text}</code>
      </pre>
    );
  }
  const items = block.items.map((item) => (
    <li key={item.at} dir={directionOf(item.text, dir)}>
      {piecesOf(item)}
    </li>
  ));
  return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
};

/** What someone wrote, with the few marks that messages show. */
const RichText = ({ ui, text }: WordsProps) =>
  parseMarkup(text).map((block) => <Part key={block.at} block={block} dir={ui.i18n.dir} />);

export default RichText;
