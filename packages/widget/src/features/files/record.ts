/** The longest voice note (ms). */
export const LONGEST_NOTE = 300_000;

/** Safari plays no WebM, everybody plays MP4; a browser that cannot write that writes what it can. */
const FORMATS = [
  ['audio/mp4', 'm4a'],
  ['audio/webm;codecs=opus', 'weba'],
  ['audio/ogg;codecs=opus', 'oga'],
] as const;

/** A recording under way. */
export interface Recording {
  /** Epoch milliseconds. */
  startedAt: number;
  /** Ends it; the note. */
  stop(): Promise<{ blob: Blob; ending: string; durationMs: number }>;
  /** Ends it and forgets it. */
  cancel(): void;
}

const formatOf = () => FORMATS.find(([type]) => MediaRecorder.isTypeSupported(type));

/** Whether this page can ask for the microphone at all: over https, in a browser that records. */
export const canRecord = (): boolean =>
  typeof MediaRecorder !== 'undefined' && navigator.mediaDevices !== undefined && formatOf() !== undefined;

/**
 * Asks for the microphone and records.
 * @throws DOMException `NotAllowedError` when the person or the page does not allow it, `NotFoundError` when there is none
 */
export const record = async (): Promise<Recording> => {
  const [mimeType, ending] = formatOf() ?? FORMATS[0];
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream, { mimeType });
  const chunks: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data));
  const ended = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve()));
  const startedAt = Date.now();
  recorder.start(1000);
  const end = () => {
    if (recorder.state !== 'inactive') recorder.stop();
    for (const track of stream.getTracks()) track.stop();
  };
  return {
    startedAt,
    cancel: end,
    async stop() {
      const durationMs = Math.min(LONGEST_NOTE, Date.now() - startedAt);
      end();
      await ended;
      return { blob: new Blob(chunks, { type: mimeType.split(';')[0] ?? mimeType }), ending, durationMs };
    },
  };
};
