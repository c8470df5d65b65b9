import { safeHref } from '@continuo/core';
import { useState } from 'preact/hooks';
import type { Ui } from '../../panel/ui.tsx';
import type { Asked, Card } from './asked.ts';
import { Options } from './Options.tsx';

const Picture = ({ url }: { url: string }) => {
  const [broken, setBroken] = useState(false);
  const src = safeHref(url);
  if (!src?.startsWith('https:') || broken) return null;
  return <img src={src} alt="" loading="lazy" referrerpolicy="no-referrer" onError={() => setBroken(true)} />;
};

interface CardsProps {
  ui: Ui;
  seq: number;
  cards: readonly Card[];
  asked: Asked;
}

const OneCard = ({ ui, seq, card, asked }: Omit<CardsProps, 'cards'> & { card: Card }) => {
  const { title, text, imageUrl, links = [], options = [] } = card;
  return (
    <li class="thing">
      {imageUrl && <Picture url={imageUrl} />}
      <p class="thing-title" dir="auto">
        {title}
      </p>
      {text && <p dir="auto">{text}</p>}
      {links.flatMap(({ label, url }) => {
        const href = safeHref(url);
        return href
          ? [
              <a
                key={url}
                href={href}
                title={url}
                dir="auto"
                target="_blank"
                rel="noopener noreferrer nofollow"
              >
                {label}
              </a>,
            ]
          : [];
      })}
      {options.length > 0 && <Options ui={ui} seq={seq} options={options} asked={asked} />}
    </li>
  );
};

/** A place that scrolls has to be reachable by keyboard (WCAG 2.2, 2.1.1). */
const SCROLLS = { tabIndex: 0 };

/** Things side by side. */
export const Cards = ({ ui, cards, ...rest }: CardsProps) => {
  return (
    <ul class="things" {...SCROLLS}>
      {cards.map((card, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cards of a message never change, and have no id
        <OneCard key={at} ui={ui} card={card} {...rest} />
      ))}
    </ul>
  );
};
