import { DOCUMENTS, FILE_BYTES, FILES_PER_MESSAGE } from '@continuo/core/files';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Icon } from '../../panel/Icon.tsx';
import { type Ui, type UiProps, useStore } from '../../panel/ui.tsx';
import { createTray, type Tray as Files, type Item, type Problem } from './create-tray.ts';
import { Recorder } from './Recorder.tsx';
import { canRecord } from './record.ts';
import { Sign } from './Sign.tsx';
import css from './tray.css';
import { sizeText } from './units.ts';
import { useBlobUrl } from './use-blob-url.ts';

export { css };

/** What the system's chooser offers; a phone's offers the camera, too. */
const ACCEPT = [
  'image/*',
  'video/*',
  'audio/*',
  ...DOCUMENTS.split(' ').map((ending) => `.${ending}`),
].join();

const trays = new WeakMap<Ui['$given'], Files>();

/** It goes on while the panel is closed. */
const trayOf = (ui: Ui): Files => {
  const tray = trays.get(ui.$given) ?? createTray(ui);
  trays.set(ui.$given, tray);
  return tray;
};

const STATES = {
  waiting: 'fileTurn',
  preparing: 'filePreparing',
  uploading: 'fileUploading',
  offline: 'fileOffline',
  ready: 'fileReady',
  failed: 'fileFailed',
} as const;

const Preview = ({ item: { blob } }: { item: Item }) => {
  const url = useBlobUrl(blob);
  const [broken, setBroken] = useState<string | null>(null);
  const isPicture = blob.type.startsWith('image/') && url && url !== broken;
  return (
    <span class="thumb">
      {isPicture ? <img src={url} alt="" onError={() => setBroken(url)} /> : <Sign name="file" />}
    </span>
  );
};

const Sound = ({ item: { blob, name } }: { item: Item }) => {
  const url = useBlobUrl(blob);
  return url && blob.type.startsWith('audio/') ? (
    // biome-ignore lint/a11y/useMediaCaption: what was just spoken has no captions
    <audio controls src={url} aria-label={name} />
  ) : null;
};

const Line = ({ ui: { i18n, say }, tray, item }: UiProps & { tray: Files; item: Item }) => {
  const { id, name, state, sent, blob } = item;
  const isMoving = state === 'uploading' || state === 'offline';
  return (
    <li class="line" data-state={state}>
      <Preview item={item} />
      <div class="about">
        <bdi class="name">{name}</bdi>
        <span class="how">
          {say(STATES[state])} <bdi>{sizeText(i18n, blob.size)}</bdi>
        </span>
        {isMoving && <progress max={blob.size} value={sent} aria-label={name} />}
        <Sound item={item} />
      </div>
      {state === 'failed' && (
        <button type="button" class="link" onClick={() => tray.retry(id)}>
          {say('retry')}
        </button>
      )}
      <button
        type="button"
        class="bare"
        aria-label={i18n.text('fileRemove', { name })}
        onClick={() => tray.remove(id)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
};

const problemText = ({ i18n }: Ui, { name, reason }: Problem): string => {
  if (reason === 'many') return i18n.text('fileMany', { n: FILES_PER_MESSAGE, name });
  if (reason === 'size') return i18n.text('fileLarge', { name, size: sizeText(i18n, FILE_BYTES) });
  return i18n.text(reason === 'type' ? 'fileKind' : 'fileEmpty', { name });
};

const Problems = ({ ui, tray }: UiProps & { tray: Files }) => {
  const problems = useStore(tray.$problems);
  const said = useMemo(() => problems.map((problem) => problemText(ui, problem)), [ui, problems]);
  useEffect(() => {
    if (said.length > 0) ui.announcer.say(said.join(' '), 'urgent');
  }, [ui, said]);
  return (
    <>
      {said.map((text) => (
        <p key={text} class="problem">
          {text}
        </p>
      ))}
    </>
  );
};

/** Tells a screen reader once that all is there. */
const useReady = ({ announcer, i18n, $ready }: Ui) => {
  const ready = useStore($ready);
  const count = ready?.length;
  useEffect(() => {
    if (count) announcer.say(i18n.text('fileReady'));
  }, [count, announcer, i18n]);
};

/** How a file is found, or spoken. */
const Choices = ({ ui, onRecord }: UiProps & { onRecord(): void }) => {
  const { i18n, say, shell, $given } = ui;
  const chooser = useRef<HTMLInputElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // Whoever pressed for it goes on here; who pastes, drops or writes stays where they are.
    if (shell.root.activeElement?.classList.contains('attach')) first.current?.focus();
  }, [shell]);
  return (
    <div class="presses">
      <button
        ref={first}
        type="button"
        class="small"
        aria-describedby="limits"
        onClick={() => chooser.current?.click()}
      >
        {say('fileChoose')}
      </button>
      {canRecord() && (
        <button type="button" class="small" onClick={onRecord}>
          {say('voiceRecord')}
        </button>
      )}
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        accept={ACCEPT}
        aria-label={i18n.text('fileChoose')}
        onChange={({ currentTarget }) => {
          $given.set([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
    </div>
  );
};

/** Marks the panel while files are held over it. */
const useMark = ({ shell: { root } }: Ui) => {
  useEffect(() => {
    const ended = new AbortController();
    for (const type of ['dragover', 'dragleave', 'drop'])
      root.addEventListener(
        type,
        () => root.querySelector('.view')?.toggleAttribute('data-drop', type === 'dragover'),
        ended,
      );
    return () => ended.abort();
  }, [root]);
};

/** What goes with the next message: how to choose it, how far it is, and what was wrong with it. */
const Tray = ({ ui }: UiProps) => {
  const { i18n, say } = ui;
  const tray = trayOf(ui);
  const items = useStore(tray.$items);
  const [recording, setRecording] = useState(false);
  useReady(ui);
  useMark(ui);
  return (
    <div class="tray">
      {items.length > 0 && (
        <ul aria-label={i18n.text('files')}>
          {items.map((item) => (
            <Line key={item.id} ui={ui} tray={tray} item={item} />
          ))}
        </ul>
      )}
      <Problems ui={ui} tray={tray} />
      {recording ? (
        <Recorder ui={ui} onNote={tray.add} onEnd={() => setRecording(false)} />
      ) : (
        <Choices ui={ui} onRecord={() => setRecording(true)} />
      )}
      {items.length === 0 && (
        <p id="limits" class="limits">
          {say('fileLimits', { n: FILES_PER_MESSAGE, size: sizeText(i18n, FILE_BYTES) })}
        </p>
      )}
    </div>
  );
};

export default Tray;
