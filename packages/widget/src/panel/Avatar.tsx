import { safeHref } from '@continuo/core';
import { useState } from 'preact/hooks';

interface AvatarProps {
  name: string;
  pictureUrl: string | null;
  online?: boolean | undefined;
}

/** A picture, or the first letter of the name where there is none. The name always stands beside it. */
export const Avatar = ({ name, pictureUrl, online }: AvatarProps) => {
  const [broken, setBroken] = useState<string | null>(null);
  const source = safeHref(pictureUrl);
  return (
    <span class="avatar" data-online={online} aria-hidden="true">
      {source && source !== broken ? (
        <img src={source} alt="" referrerpolicy="no-referrer" onError={() => setBroken(source)} />
      ) : (
        [...name.trim()].slice(0, 1).join('').toLocaleUpperCase()
      )}
    </span>
  );
};
