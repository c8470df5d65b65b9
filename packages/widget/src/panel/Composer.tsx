import { useLayoutEffect, useRef } from 'preact/hooks';
import { Attach, takeFiles } from './Attach.tsx';
import { Icon } from './Icon.tsx';
import { type UiProps, useStore } from './ui.tsx';

/** UTF-16 code units in one message (protocol, LIMITS.textLength). */
const LONGEST = 2000;

/** As high as its text, up to the limit that the style sets. */
const fit = (area: HTMLTextAreaElement): void => {
  area.style.height = 'auto';
  if (area.value) area.style.height = `${area.scrollHeight + 2}px`;
};

/** Enter sends, Shift+Enter begins a new line, and an input method's Enter is its own. */
const isSend = ({ key, shiftKey, isComposing, keyCode }: KeyboardEvent): boolean =>
  key === 'Enter' && !shiftKey && !isComposing && keyCode !== 229;

/** Where the customer writes. What is written stays until it is sent, in all tabs. */
export const Composer = ({ ui }: UiProps) => {
  const { client, i18n, say, announcer, $composing, $given, $ready } = ui;
  const draft = useStore(client.$draft, 'now');
  const composing = useStore($composing, 'now');
  const files = useStore($ready, 'now');
  const edit = composing?.edit;
  const value = edit?.text ?? draft;
  const field = useRef<HTMLTextAreaElement>(null);
  const over = value.length - LONGEST;
  const cannot = !files || !(value.trim() || files[0]) || over > 0;

  const send = (event: Event) => {
    event.preventDefault();
    if (cannot) return;
    try {
      if (edit) edit.send(value.trim());
      else {
        client.send(value.trim(), files[0] && files, composing && { replyTo: composing.seq });
        client.setDraft('');
        $composing.set(null);
        $given.set(null);
      }
    } catch {
      // Too many wait already.
      announcer.say(i18n.text('broken'), 'urgent');
    }
    field.current?.focus();
  };
  useLayoutEffect(() => {
    if (field.current?.value === value) fit(field.current);
  }, [value]);

  return (
    <form class="composer" part="composer" onSubmit={send}>
      <Attach ui={ui} />
      <textarea
        ref={field}
        class="field"
        part="field"
        rows={1}
        aria-label={i18n.text('message')}
        aria-describedby="over"
        aria-invalid={over > 0}
        placeholder={i18n.text('placeholder')}
        // An empty field is written in the interface's direction; the first letter decides after that.
        dir={value ? 'auto' : i18n.dir}
        enterkeyhint="send"
        value={value}
        onInput={(event) => {
          (edit?.write ?? client.setDraft)(event.currentTarget.value);
          client.typing();
        }}
        onPaste={(event) => takeFiles(ui, event, event.clipboardData)}
        onKeyDown={(event) => isSend(event) && send(event)}
      />
      <button type="submit" class="send" part="send" aria-label={i18n.text('send')} aria-disabled={cannot}>
        <Icon name="send" />
      </button>
      <p id="over" class="over" role="status">
        {over > 0 && say('tooLong', { n: over })}
      </p>
    </form>
  );
};
