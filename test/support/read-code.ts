import decodeQR from 'qr/decode.js';

/** Pixels of a module. */
const SCALE = 4;

/** What a QR code says that is drawn as strokes of one module's height (`M<x> <y>h<width>…`), with a margin in its view box. */
export const readCode = (path: string, viewBox: string): string => {
  const [left = 0, top = 0, side = 0] = viewBox.split(' ').map(Number);
  const size = side * SCALE;
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let row = 0; row < SCALE; row += 1) {
      for (let column = 0; column < Number(width) * SCALE; column += 1) {
        const at = ((Number(y) - top) * SCALE + row) * size + (Number(x) - left) * SCALE + column;
        data.fill(0, at * 4, at * 4 + 3);
      }
    }
  }
  return decodeQR({ width: size, height: size, data });
};
