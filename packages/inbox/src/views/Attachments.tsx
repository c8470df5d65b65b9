import type { Attachment } from '@continuo/protocol';
import { useState } from 'preact/hooks';
import type { PlainKey } from '../i18n/catalogue.ts';
import type { Thread } from '../state/thread.ts';
import { useText } from './context.ts';
import { Icon } from './Icon.tsx';
import { KeptFile } from './KeptFile.tsx';

const NAMES: Record<Attachment['type'], PlainKey> = {
  image: 'attachmentImage',
  audio: 'attachmentAudio',
  video: 'attachmentVideo',
  file: 'attachmentFile',
  location: 'attachmentLocation',
  other: 'attachmentOther',
};

const isWebAddress = (url: string | null): url is string => url !== null && /^https?:\/\//i.test(url);

function AttachmentLine({ attachment, thread }: { attachment: Attachment; thread: Thread }) {
  const { t } = useText();
  const [isBroken, setBroken] = useState(false);
  const { type, url } = attachment;
  const name = attachment.name ?? t(NAMES[type]);
  const { id } = attachment;
  if (id !== undefined) return <KeptFile attachment={{ ...attachment, id }} thread={thread} name={name} />;
  if (!isWebAddress(url)) {
    return (
      <span class="attachment">
        <Icon name="file" />
        {t('attachmentGone', { name })}
      </span>
    );
  }
  const isPicture = type === 'image' && !isBroken;
  return (
    <a
      class={isPicture ? 'picture' : 'attachment'}
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      title={t('opensInNewTab', { name })}
    >
      {isPicture ? (
        <img
          src={url}
          alt={name}
          loading="lazy"
          referrerpolicy="no-referrer"
          onError={() => setBroken(true)}
        />
      ) : (
        <>
          <Icon name="file" />
          <bdi>{name}</bdi>
        </>
      )}
    </a>
  );
}

/** Files that came with a message. Where the network keeps them no longer, they are still named. */
export function Attachments({ attachments, thread }: { attachments: readonly Attachment[]; thread: Thread }) {
  return (
    <>
      {attachments
        .map((attachment, index) => ({ attachment, key: `${index} ${attachment.id ?? attachment.url}` }))
        .map(({ attachment, key }) => (
          <AttachmentLine key={key} attachment={attachment} thread={thread} />
        ))}
    </>
  );
}
