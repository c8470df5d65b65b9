import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../panel/Icon.tsx';
import type { Ui } from '../../panel/ui.tsx';
import type { Attachment } from '../../view/model.ts';
import { fileOf, saveFile } from './kept.ts';
import { useBlobUrl } from './use-blob-url.ts';

interface LightboxProps {
  ui: Ui;
  first: Attachment;
  onClose(): void;
}

const picturesIn = ({ client }: Ui): readonly Attachment[] =>
  client.$messages
    .get()
    .flatMap((item) => {
      if (item.seq === null) return item.pending.attachments ?? [];
      return item.event.type === 'message' ? item.event.attachments : [];
    })
    .filter(({ id, type }) => id !== undefined && type === 'image');

const Shown = ({ ui: { client, say }, attachment }: { ui: Ui; attachment: Attachment }) => {
  const [blob, setBlob] = useState<Blob | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let isGone = false;
    fileOf(client, attachment).then(
      (file) => isGone || setBlob(() => file),
      () => isGone || setFailed(true),
    );
    return () => {
      isGone = true;
    };
  }, [client, attachment]);
  const url = useBlobUrl(blob);
  if (url && !failed) return <img src={url} alt={attachment.name ?? ''} onError={() => setFailed(true)} />;
  return <p role="status">{say(failed ? 'broken' : 'loadingMore')}</p>;
};

/** Which of the conversation's pictures is shown, and how to get to the others. */
const usePictures = (ui: Ui, first: Attachment) => {
  const [pictures] = useState(() => {
    const known = picturesIn(ui);
    return known.some(({ id }) => id === first.id) ? known : [first];
  });
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      pictures.findIndex(({ id }) => id === first.id),
    ),
  );
  return {
    shown: pictures[at] ?? first,
    at,
    count: pictures.length,
    go: (by: number) => setAt((now) => Math.min(pictures.length - 1, Math.max(0, now + by))),
  };
};

const Arrows = ({
  ui: { i18n },
  at,
  count,
  go,
}: { ui: Ui } & Omit<ReturnType<typeof usePictures>, 'shown'>) => (
  <div class="tools">
    <button
      type="button"
      class="bare back"
      aria-label={i18n.text('picturePrevious')}
      aria-disabled={at === 0}
      onClick={() => go(-1)}
    >
      <Icon name="back" />
    </button>
    <span role="status">{i18n.text('pictureOf', { at: at + 1, n: count })}</span>
    <button
      type="button"
      class="bare on"
      aria-label={i18n.text('pictureNext')}
      aria-disabled={at === count - 1}
      onClick={() => go(1)}
    >
      <Icon name="on" />
    </button>
  </div>
);

/** A picture whole, over everything; arrows lead to the conversation's others, Escape back. */
export const Lightbox = ({ ui, first, onClose }: LightboxProps) => {
  const { i18n, client } = ui;
  const dialog = useRef<HTMLDialogElement>(null);
  const { shown, ...others } = usePictures(ui, first);
  const name = shown.name ?? i18n.text('image');
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    if (key === 'Escape') {
      // The panel beneath stays.
      event.preventDefault();
      close();
    }
    const forward = i18n.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    if (key === 'ArrowLeft' || key === 'ArrowRight') others.go(key === forward ? 1 : -1);
  };
  return (
    <dialog ref={dialog} class="lightbox" aria-label={name} onClose={onClose} onKeyDown={onKeyDown}>
      <div class="tools">
        <bdi class="name">{name}</bdi>
        <button
          type="button"
          class="bare"
          aria-label={i18n.text('fileSave', { name })}
          onClick={() => void saveFile(client, shown).catch(() => {})}
        >
          <Icon name="down" />
        </button>
        <button type="button" class="bare" aria-label={i18n.text('pictureClose')} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <div class="whole">
        <Shown key={shown.id} ui={ui} attachment={shown} />
      </div>
      {others.count > 1 && <Arrows ui={ui} {...others} />}
    </dialog>
  );
};
