import { safeHref } from '@continuo/core';
import { useState } from 'preact/hooks';
import type { Ui } from '../../panel/ui.tsx';
import type { Attachment as Given } from '../../view/model.ts';

/** A file from the network: a picture where it can be shown, otherwise a link, otherwise its name. */
const Attachment = ({ ui, attachment }: { ui: Ui; attachment: Given }) => {
  const { type, url, name } = attachment;
  const [broken, setBroken] = useState(false);
  const href = safeHref(url);
  const label = name ?? ui.i18n.text(type);
  const plain = <bdi>{label}</bdi>;
  if (!href) return <span class="file">{plain}</span>;
  const picture = type === 'image' && href.startsWith('https:') && !broken;
  return (
    <a class={picture ? 'picture' : 'file'} href={href} target="_blank" rel="noopener noreferrer nofollow">
      {picture ? (
        <img
          src={href}
          alt={label}
          loading="lazy"
          referrerpolicy="no-referrer"
          onError={() => setBroken(true)}
        />
      ) : (
        plain
      )}
    </a>
  );
};

export default Attachment;
