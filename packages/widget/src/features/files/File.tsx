import { useEffect, useRef, useState } from 'preact/hooks';
import { Sentinel } from '../../panel/Sentinel.tsx';
import type { Ui } from '../../panel/ui.tsx';
import type { Attachment } from '../../view/model.ts';
import Referred from '../attachment/Attachment.tsx';
import css from './file.css';
import { fileOf, saveFile } from './kept.ts';
import { Lightbox } from './Lightbox.tsx';

import { Sign } from './Sign.tsx';
import { lengthText, sizeText } from './units.ts';
import { useBlobUrl } from './use-blob-url.ts';

export { css };

interface KeptProps {
  ui: Ui;
  attachment: Attachment;
}

/** The bytes of a file, once they are wanted. */
const useFile = ({ ui: { client }, attachment }: KeptProps, isWanted: boolean) => {
  const [blob, setBlob] = useState<Blob | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!isWanted || blob || failed) return undefined;
    let isGone = false;
    fileOf(client, attachment).then(
      (file) => isGone || setBlob(() => file),
      () => isGone || setFailed(true),
    );
    return () => {
      isGone = true;
    };
  }, [client, attachment, isWanted, blob, failed]);
  return { url: useBlobUrl(blob), failed, retry: () => setFailed(false) };
};

const nameOf = ({ i18n }: Ui, { name, type }: Attachment): string => name ?? i18n.text(type);

/** A name, and a press that saves the file. */
const Saved = ({ ui, attachment }: KeptProps) => {
  const { i18n, say } = ui;
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle');
  const name = nameOf(ui, attachment);
  const save = async () => {
    setState('loading');
    await saveFile(ui.client, attachment).then(
      () => setState('idle'),
      () => setState('failed'),
    );
  };
  return (
    <button type="button" class="file save" onClick={save} aria-label={i18n.text('fileSave', { name })}>
      <Sign name="file" />
      <span class="about">
        <bdi class="name">{name}</bdi>
        <span class="how">
          {state === 'idle'
            ? sizeText(i18n, attachment.size ?? 0)
            : say(state === 'loading' ? 'loadingMore' : 'broken')}
        </span>
      </span>
    </button>
  );
};

/** Sound or a film: fetched when it is to be played. */
const Played = ({ ui, attachment }: KeptProps) => {
  const { i18n, say } = ui;
  const [isWanted, setWanted] = useState(false);
  const { url, failed, retry } = useFile({ ui, attachment }, isWanted);
  const [broken, setBroken] = useState(false);
  const name = nameOf(ui, attachment);
  if (broken) return <Saved ui={ui} attachment={attachment} />;
  const player = { controls: true, autoPlay: true, 'aria-label': name, onError: () => setBroken(true) };
  if (url)
    return attachment.type === 'audio' ? (
      <audio class="player" src={url} {...player} />
    ) : (
      <video class="player" src={url} playsInline {...player} />
    );
  const { durationMs, size = 0 } = attachment;
  const much = durationMs === undefined ? sizeText(i18n, size) : lengthText(i18n, durationMs);
  return (
    <button
      type="button"
      class="file save"
      aria-label={i18n.text('filePlay', { name })}
      onClick={() => {
        retry();
        setWanted(true);
      }}
    >
      <Sign name="play" />
      <span class="about">
        <bdi class="name">{name}</bdi>
        <span class="how">{failed ? say('broken') : isWanted ? say('loadingMore') : much}</span>
      </span>
    </button>
  );
};

/** A picture: fetched when it comes into view, and seen whole by a press. */
const Picture = ({ ui, attachment }: KeptProps) => {
  const [isNear, setNear] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const [broken, setBroken] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const { url, failed, retry } = useFile({ ui, attachment }, isNear);
  const name = nameOf(ui, attachment);
  const { width = 4, height = 3 } = attachment;
  if (broken) return <Saved ui={ui} attachment={attachment} />;
  return (
    // It has its room before it is there.
    <div class="picture" style={{ aspectRatio: `${width}/${height}` }}>
      <Sentinel onView={(isIn) => isIn && setNear(true)} />
      <button
        ref={opener}
        type="button"
        class="look"
        aria-label={ui.i18n.text('pictureOpen', { name })}
        onClick={() => (failed ? retry() : setOpen(true))}
      >
        {url ? (
          <img src={url} alt="" onError={() => setBroken(true)} />
        ) : (
          <span class="how">{ui.say(failed ? 'broken' : 'loadingMore')}</span>
        )}
      </button>
      {isOpen && (
        <Lightbox
          ui={ui}
          first={attachment}
          onClose={() => {
            setOpen(false);
            opener.current?.focus();
          }}
        />
      )}
    </div>
  );
};

/** Pictures that browsers show; one of another kind has a size only where its sender could see it. */
const isPicture = ({ type, mimeType = '', width }: Attachment): boolean =>
  type === 'image' && (width !== undefined || !/hei[cf]$/.test(mimeType));

/** A file of a message: shown, played, or saved where the server keeps it, referred to where a network does. */
const File = (props: KeptProps) => {
  const { id, type } = props.attachment;
  if (id === undefined) return <Referred {...props} />;
  if (isPicture(props.attachment)) return <Picture {...props} />;
  return type === 'audio' || type === 'video' ? <Played {...props} /> : <Saved {...props} />;
};

export default File;
