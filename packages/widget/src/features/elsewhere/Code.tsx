import { generate } from 'lean-qr';
import { useMemo } from 'preact/hooks';

/** Modules of empty margin that a reader needs (ISO/IEC 18004). */
const QUIET = 4;

/** The dark modules as a path, a stroke for each run in a line. */
const pathOf = (text: string): { path: string; size: number } => {
  const code = generate(text);
  const { size } = code;
  let path = '';
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (!code.get(x, y)) continue;
      const from = x;
      while (code.get(x + 1, y)) x += 1;
      path += `M${from} ${y}h${x - from + 1}v1h${from - x - 1}z`;
    }
  }
  return { path, size };
};

/** A QR code: dark on white with a white margin, in the dark too, because readers expect it so. */
export const Code = ({ text, label }: { text: string; label: string }) => {
  const { path, size } = useMemo(() => pathOf(text), [text]);
  const side = size + 2 * QUIET;
  return (
    <svg
      class="code"
      role="img"
      aria-label={label}
      viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`}
      shape-rendering="crispEdges"
    >
      <path d={path} />
    </svg>
  );
};
