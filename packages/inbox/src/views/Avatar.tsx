import { useState } from 'preact/hooks';

const HUES = 6;

/** The first letters of the first and last word of a name. */
export const initialsOf = (name: string): string => {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0]);
  // A joiner keeps Arabic letters from being written together as if they were one word.
  return letters.filter(Boolean).join('\u200c').toLocaleUpperCase();
};

const hueOf = (id: string) => [...id].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % HUES;

interface AvatarProps {
  /** Decides the colour behind the initials. */
  id: string;
  name: string | null;
  pictureUrl: string | null;
  size?: 'small' | 'large';
}

/** A picture, or initials where there is none or it cannot be loaded. The name stands beside it, so it is silent. */
export function Avatar({ id, name, pictureUrl, size }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span class={`avatar hue-${hueOf(id)} ${size ?? ''}`} aria-hidden="true">
      {pictureUrl && pictureUrl !== broken ? (
        <img
          src={pictureUrl}
          alt=""
          referrerpolicy="no-referrer"
          loading="lazy"
          onError={() => setBroken(pictureUrl)}
        />
      ) : (
        initialsOf(name ?? '') || '·'
      )}
    </span>
  );
}
