import { useRef, useState } from 'preact/hooks';
import type { Words } from './words.ts';

interface Props {
  words: Words;
  /** Resolves when it is sent. */
  onText: (text: string) => Promise<unknown>;
  onImage: (file: File) => Promise<unknown>;
}

/** Where the customer writes. What was typed stays until it is sent. */
export const Composer = ({ words, onText, onImage }: Props) => {
  const [text, setText] = useState('');
  const [failed, setFailed] = useState(false);

  const attempt = async (act: () => Promise<unknown>): Promise<void> => {
    const done = await act().then(
      () => true,
      () => false,
    );
    setFailed(!done);
    if (done) setText((now) => (now.trim() === text.trim() ? '' : now));
  };
  const send = (): void => {
    if (text.trim() !== '') void attempt(() => onText(text.trim()));
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {failed && (
        <p class="failed" role="alert">
          {words.failed}
        </p>
      )}
      <PictureButton
        label={words.picture}
        onImage={(file) => void onImage(file).catch(() => setFailed(true))}
      />
      <textarea
        rows={1}
        value={text}
        maxLength={20000}
        placeholder={words.message}
        aria-label={words.message}
        dir={text === '' ? words.dir : 'auto'}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <button class="icon send" type="submit" aria-label={words.send} disabled={text.trim() === ''}>
        <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
          <path d="M3 20.5 21.5 12 3 3.5 3 10l11 2-11 2z" fill="currentColor" />
        </svg>
      </button>
    </form>
  );
};

const PictureButton = ({ label, onImage }: { label: string; onImage: (file: File) => void }) => {
  const files = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={files}
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp"
        hidden
        aria-label={label}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) onImage(file);
          currentTarget.value = '';
        }}
      />
      <button class="icon" type="button" aria-label={label} onClick={() => files.current?.click()}>
        <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
          <path
            d="M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M16 9.5h.01"
            fill="none"
            stroke="currentColor"
            stroke-width="1.8"
            stroke-linejoin="round"
            stroke-linecap="round"
          />
        </svg>
      </button>
    </>
  );
};
