import { downloadFile } from '@continuo/core/files';
import type { Attachment, Client } from '../../view/model.ts';

/** So many files are kept in memory, so that what was seen is not asked for again. */
const MOST = 30;

/** What may be shown. The rest is bytes to be saved: from a `blob:` of the page's own origin nothing may run. */
const SHOWN = /^(image\/(jpeg|png|gif|webp|avif|bmp|hei[cf])|audio\/[\w.+-]+|video\/[\w.+-]+)$/;

const caches = new WeakMap<Client, Map<string, Promise<Blob>>>();

const cacheOf = (client: Client): Map<string, Promise<Blob>> => {
  const cache = caches.get(client) ?? new Map<string, Promise<Blob>>();
  caches.set(client, cache);
  return cache;
};

/** Keeps a file in memory; the one that was kept first goes. */
export const keepFile = (client: Client, id: string, blob: Promise<Blob>): void => {
  const cache = cacheOf(client);
  const [oldest] = cache.keys();
  if (oldest !== undefined && cache.size >= MOST) cache.delete(oldest);
  cache.set(id, blob);
  blob.catch(() => cache.delete(id));
};

/** The bytes of an attachment that has an `id`, under a type that can do no harm. */
export const fileOf = async (client: Client, { id = '', mimeType = '' }: Attachment): Promise<Blob> => {
  const cache = cacheOf(client);
  if (!cache.has(id)) keepFile(client, id, downloadFile(client, id));
  const bytes = await cache.get(id);
  return new Blob(bytes ? [bytes] : [], {
    type: SHOWN.test(mimeType) ? mimeType : 'application/octet-stream',
  });
};

/** Milliseconds that a browser may take to begin saving. */
const SAVING_MS = 60_000;

/** Has the browser save a file. */
export const saveFile = async (client: Client, attachment: Attachment): Promise<void> => {
  const url = URL.createObjectURL(await fileOf(client, attachment));
  const link = document.createElement('a');
  link.href = url;
  link.download = attachment.name ?? '';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), SAVING_MS);
};
