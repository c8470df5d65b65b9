import type { Attachment } from '@continuo/protocol';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Thread } from '../state/thread.ts';
import { useText } from './context.ts';
import { Icon } from './Icon.tsx';

/** What may be shown in the page. A `blob:` of the inbox's own origin must never be something that runs. */
const SHOWN = /^(image\/(jpeg|png|gif|webp|avif|bmp)|audio\/[\w.+-]+|video\/[\w.+-]+)$/;
/** Milliseconds that a browser may take to begin saving. */
const SAVING_MS = 60_000;

interface KeptProps {
  attachment: Attachment & { id: string };
  thread: Thread;
  /** What it is called. */
  name: string;
}

const typed = (blob: Blob, mimeType = ''): Blob =>
  new Blob([blob], { type: SHOWN.test(mimeType) ? mimeType : 'application/octet-stream' });

const save = (blob: Blob, name: string): void => {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), SAVING_MS);
};

/** Whether it is near what is seen; true from then on. */
const useNear = (place: { current: Element | null }): boolean => {
  const [isNear, setNear] = useState(typeof IntersectionObserver === 'undefined');
  useEffect(() => {
    if (isNear || !place.current) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [isNear, place]);
  return isNear;
};

/** An address for the bytes, once they are wanted, as long as this is shown; `failed` until `retry`. */
const useUrl = ({ attachment: { id, mimeType }, thread }: KeptProps, isWanted: boolean) => {
  const [url, setUrl] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!isWanted || failed) return undefined;
    let made: string | null = null;
    let isGone = false;
    thread.readFile(id).then(
      (blob) => {
        if (isGone) return;
        made = URL.createObjectURL(typed(blob, mimeType));
        setUrl(made);
      },
      () => isGone || setFailed(true),
    );
    return () => {
      isGone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [thread, id, mimeType, isWanted, failed]);
  return { url, failed, retry: () => setFailed(false) };
};

/** Its name; a press saves it. */
function Saved({ attachment, thread, name }: KeptProps) {
  const { t } = useText();
  const [failed, setFailed] = useState(false);
  const press = () => {
    setFailed(false);
    thread.readFile(attachment.id).then(
      (blob) => save(typed(blob), name),
      () => setFailed(true),
    );
  };
  return (
    <button
      type="button"
      class="attachment kept"
      aria-label={t('attachmentDownload', { name })}
      onClick={press}
    >
      <Icon name="file" />
      <bdi>{name}</bdi>
      {failed && <span role="status">{t('attachmentFailed')}</span>}
    </button>
  );
}

/** A picture, with its room before it is there; a press saves it. */
function Picture(props: KeptProps) {
  const { attachment, thread, name } = props;
  const { t } = useText();
  const place = useRef<HTMLButtonElement>(null);
  const [isBroken, setBroken] = useState(false);
  const { url, failed, retry } = useUrl(props, useNear(place));
  if (isBroken) return <Saved {...props} />;
  const { width = 4, height = 3 } = attachment;
  const press = () => {
    if (failed) retry();
    else thread.readFile(attachment.id).then((blob) => save(typed(blob), name), retry);
  };
  return (
    <button
      ref={place}
      type="button"
      class="picture kept"
      style={{ aspectRatio: `${width}/${height}` }}
      aria-label={t('attachmentDownload', { name })}
      onClick={press}
    >
      {url ? <img src={url} alt={name} onError={() => setBroken(true)} /> : failed && t('attachmentFailed')}
    </button>
  );
}

/** Sound or a film: fetched when it is to be played, and saved by the line beside it. */
function Played(props: KeptProps) {
  const { t } = useText();
  const [isWanted, setWanted] = useState(false);
  const { url, failed, retry } = useUrl(props, isWanted);
  const { attachment, name } = props;
  const press = () => {
    retry();
    setWanted(true);
  };
  const player = { controls: true, autoPlay: true, 'aria-label': name };
  return (
    <>
      {url &&
        (attachment.type === 'audio' ? <audio src={url} {...player} /> : <video src={url} {...player} />)}
      {!url && (
        <button type="button" class="attachment kept" onClick={press}>
          {failed ? t('attachmentFailed') : t('attachmentPlay', { name })}
        </button>
      )}
      <Saved {...props} />
    </>
  );
}

/** A file that the server keeps. It is fetched with the agent's cookie: no address opens it by itself. */
export function KeptFile(props: KeptProps) {
  const { type, mimeType = '' } = props.attachment;
  if (!SHOWN.test(mimeType)) return <Saved {...props} />;
  return type === 'image' ? <Picture {...props} /> : <Played {...props} />;
}
