import { useEffect, useRef, useState } from 'preact/hooks';
import type { PlainKey } from '../../i18n/catalogue.ts';
import type { UiProps } from '../../panel/ui.tsx';
import type { Given } from './create-tray.ts';
import { LONGEST_NOTE, type Recording, record } from './record.ts';
import { lengthText } from './units.ts';

interface RecorderProps extends UiProps {
  onNote(note: Given): void;
  onEnd(): void;
}

/** How often the time is drawn (ms). */
const TICK_MS = 250;

const whyNot = (error: unknown): PlainKey =>
  error instanceof Error && error.name === 'NotFoundError' ? 'voiceNone' : 'voiceDenied';

/** Asks for the microphone at once, and records until it is told to stop. Goes away with the microphone off. */
const useRecording = ({ ui: { i18n, announcer }, onNote, onEnd }: RecorderProps) => {
  const [failure, setFailure] = useState<PlainKey | null>(null);
  const [ms, setMs] = useState<number | null>(null);
  const recording = useRef<Recording | null>(null);
  const stop = async () => {
    const current = recording.current;
    recording.current = null;
    if (!current) return;
    const { blob, ending, durationMs } = await current.stop();
    onNote({ blob, name: `${i18n.text('voiceNote')}.${ending}`, durationMs });
    onEnd();
  };
  const latest = useRef(stop);
  latest.current = stop;

  useEffect(() => {
    let isGone = false;
    const tick = setInterval(() => {
      if (!recording.current) return;
      const passed = Date.now() - recording.current.startedAt;
      setMs(passed);
      if (passed >= LONGEST_NOTE) void latest.current();
    }, TICK_MS);
    const begin = async () => {
      try {
        const begun = await record();
        if (isGone) return begun.cancel();
        recording.current = begun;
        setMs(0);
      } catch (error) {
        const why = whyNot(error);
        setFailure(why);
        announcer.say(i18n.text(why), 'urgent');
      }
    };
    void begin();
    return () => {
      isGone = true;
      clearInterval(tick);
      recording.current?.cancel();
    };
  }, [announcer, i18n]);
  return { failure, ms, stop };
};

/** A voice note being spoken: the time, and how to end it. */
export const Recorder = (props: RecorderProps) => {
  const { i18n, say } = props.ui;
  const { failure, ms, stop } = useRecording(props);
  return (
    <div class="presses">
      {failure ? <p class="problem">{say(failure)}</p> : ms === null && <p>{say('voiceAsking')}</p>}
      {ms !== null && (
        <>
          <span class="beat" aria-hidden="true" />
          <span role="timer" aria-label={i18n.text('voiceRecording')}>
            {lengthText(i18n, ms)} / {lengthText(i18n, LONGEST_NOTE)}
          </span>
          <button type="button" class="small" onClick={stop}>
            {say('voiceStop')}
          </button>
        </>
      )}
      <button type="button" class="link" onClick={props.onEnd}>
        {say(failure ? 'back' : 'voiceCancel')}
      </button>
    </div>
  );
};
