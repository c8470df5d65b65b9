/** A file as it will be sent. */
export interface Prepared {
  blob: Blob;
  name: string;
  /** Pixels, where it is a picture that this browser can show. */
  width?: number;
  height?: number;
}

/** Pixels of the longer side. A phone's picture has twice as many, and nobody looks that closely. */
const LONGEST = 2048;
const QUALITY = 0.85;
/** What is drawn anew where it has to be. A GIF may move, and stays as it is. */
const DRAWN = /^image\/(jpeg|png|webp|avif|bmp|heic|heif)$/;
/** Where a JPEG tells where and with what it was taken. */
const EXIF_WITHIN = 65_536;

/** Whether it may become smaller than it is. */
export const isShrinkable = ({ type }: Blob): boolean => DRAWN.test(type);

const hasExif = async (file: Blob): Promise<boolean> =>
  file.type === 'image/jpeg' && (await file.slice(0, EXIF_WITHIN).text()).includes('Exif\0\0');

const isFit = ({ type }: Blob): boolean => !/hei[cf]$|bmp$/.test(type);

/** JPEG stays JPEG; what may be transparent becomes WebP, where the browser can write that. */
const encode = async (bitmap: ImageBitmap, from: string): Promise<Blob> => {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  const isOpaque = /jpeg|hei[cf]/.test(from);
  context.drawImage(bitmap, 0, 0);
  if (!isOpaque) {
    const webp = await canvas.convertToBlob({ type: 'image/webp', quality: QUALITY });
    if (webp.type === 'image/webp') return webp;
    context.globalCompositeOperation = 'destination-over';
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
};

const named = (name: string, { type }: Blob): string =>
  `${name.replace(/\.[^.]*$/, '')}.${type === 'image/webp' ? 'webp' : 'jpg'}`;

/**
 * A picture that is large, or tells where it was taken, is drawn anew, smaller, without that. So is one of a kind that
 * other browsers cannot show (HEIC), where this one can. Whatever cannot be read goes as it is.
 *
 * There is no worker: a page may only make one from its own origin, and the widget comes from another; one from a `blob:`
 * would need that in the page's policy. Browsers decode and encode off the main thread all the same: `createImageBitmap`
 * and `convertToBlob` are asynchronous.
 */
export const preparePicture = async (blob: Blob, name: string): Promise<Prepared> => {
  if (!blob.type.startsWith('image/') || typeof createImageBitmap === 'undefined') return { blob, name };
  let bitmap: ImageBitmap | undefined;
  try {
    bitmap = await createImageBitmap(blob);
    const { width, height } = bitmap;
    const scale = Math.min(1, LONGEST / Math.max(width, height));
    if (!isShrinkable(blob) || (scale === 1 && isFit(blob) && !(await hasExif(blob))))
      return { blob, name, width, height };
    const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
    const smaller = await createImageBitmap(bitmap, {
      resizeWidth: size.width,
      resizeHeight: size.height,
      resizeQuality: 'high',
    });
    bitmap.close();
    bitmap = smaller;
    const drawn = await encode(smaller, blob.type);
    return { blob: drawn, name: named(name, drawn), ...size };
  } catch {
    return { blob, name };
  } finally {
    bitmap?.close();
  }
};
