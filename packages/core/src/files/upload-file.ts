import type { Attachment, Limits, Upload } from '@continuo/protocol';
import type { Client } from '../client.ts';
import { createTimer } from '../environment/timer.ts';
import { ContinuoError } from '../errors.ts';
import { IDLE_UPLOAD, type UploadEffect, type UploadEvent, type UploadState, upload } from './upload.ts';

const CHUNK_BYTES: Limits['chunkBytes'] = 262_144;
/** Milliseconds that one chunk may take: at 75 kbit/s it is through. */
const CHUNK_MS = 29_000;

/** A file, and what is known of it. */
export interface FileToUpload {
  /** Random, 8 to 64 URL-safe characters; the same again goes on with the same upload. */
  id: string;
  /** Its ending tells what it is. */
  name: string;
  body: Blob;
  /** Pixels of a picture. */
  width?: number;
  height?: number;
  /** Of a recording. */
  durationMs?: number;
}

export interface UploadOptions {
  /** Hears how far it is: bytes that the server has, and whether it waits for the network. */
  onProgress?(progress: { sent: number; isWaiting: boolean }): void;
  /** Cancels it. What is there already is deleted by the server within a day. */
  signal?: AbortSignal;
  /** From 0 up to 1, for jitter. @default Math.random */
  random?(): number;
}

type Asking = Pick<Client, 'request' | '$connection'>;

const perform = (
  { request }: Asking,
  { id, body, ...about }: FileToUpload,
  { effect, signal }: { effect: Exclude<UploadEffect, { type: 'pause' }>; signal: AbortSignal },
): Promise<Upload> => {
  const { name, width, height, durationMs } = about;
  if (effect.type === 'begin') {
    const json = { id, name, size: body.size, width, height, durationMs };
    return request<Upload>('post', 'uploads', { json, signal });
  }
  if (effect.type !== 'send') return request<Upload>('get', `uploads/${id}`, { signal });
  const { offset } = effect;
  return request<Upload>('patch', `uploads/${id}`, {
    headers: { 'upload-offset': `${offset}` },
    body: body.slice(offset, offset + CHUNK_BYTES, 'application/offset+octet-stream'),
    timeout: CHUNK_MS,
    signal,
  });
};

const kindOf = (mimeType: string): Attachment['type'] => {
  const kind = mimeType.split('/')[0];
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
};

/** The file as a message names it, until the server's own word is in the log. */
const toAttachment = ({ body, ...about }: FileToUpload): Attachment => ({
  ...about,
  type: kindOf(body.type),
  url: null,
  size: body.size,
  mimeType: body.type,
});

/**
 * Uploads a file in chunks. Whatever happens to the network, it waits and goes on where it was, until it is whole or
 * cancelled; it does not survive the page. Give the result to `client.send`.
 *
 * @throws ContinuoError `aborted` when cancelled; `bad_request`, `too_large` and whatever else the server will never take
 * @example
 * const attachment = await uploadFile(client, { id: crypto.randomUUID(), name: file.name, body: file });
 * client.send('My receipt', [attachment]);
 */
export const uploadFile = (
  client: Asking,
  file: FileToUpload,
  options: UploadOptions = {},
): Promise<Attachment> =>
  new Promise((resolve, reject) => {
    const { onProgress, signal, random = Math.random } = options;
    const life = new AbortController();
    const timer = createTimer();
    let state: UploadState = IDLE_UPLOAD;
    const due = () => dispatch({ type: 'due' });
    const cancel = () => dispatch({ type: 'cancel' });

    const ask = async (effect: Exclude<UploadEffect, { type: 'pause' }>) => {
      try {
        const { offset } = await perform(client, file, { effect, signal: life.signal });
        dispatch({ type: 'at', offset });
      } catch (cause) {
        const error = cause instanceof ContinuoError ? cause : new ContinuoError('network', { cause });
        const { code, retryAfter } = error;
        dispatch({ type: 'error', code, retryAfter, chance: random() });
      }
    };
    const finish = () => {
      timer();
      stopListening();
      signal?.removeEventListener('abort', cancel);
      life.abort();
      if (state.step === 'done') resolve(toAttachment(file));
      else reject(new ContinuoError(state.error ?? 'aborted'));
    };
    const dispatch = (event: UploadEvent): void => {
      if (state.step === 'done' || state.step === 'failed') return;
      const [next, effects] = upload(state, event, file.body.size);
      state = next;
      onProgress?.({ sent: state.offset ?? 0, isWaiting: state.step === 'wait' });
      if (state.step === 'done' || state.step === 'failed') finish();
      for (const effect of effects) {
        if (effect.type === 'pause') timer(due, effect.ms);
        else void ask(effect);
      }
    };

    const stopListening = client.$connection.listen((connection) => connection === 'online' && due());
    signal?.addEventListener('abort', cancel);
    dispatch({ type: signal?.aborted ? 'cancel' : 'start' });
  });

/**
 * The bytes of a file of the conversation, by the `id` of its attachment.
 * @throws ContinuoError `not_found` when there is none that may be seen, `aborted`
 */
export const downloadFile = (
  { request }: Pick<Client, 'request'>,
  id: string,
  signal?: AbortSignal,
): Promise<Blob> =>
  request<Blob>('get', `files/${id}`, { blob: true, timeout: false, retry: 2, ...(signal && { signal }) });
