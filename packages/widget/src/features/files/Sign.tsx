const PATHS = {
  file: 'M13.5 4H7v16h10V7.5zv4h3.5',
  play: 'M8 5.5v13l10.5-6.5z',
} as const;

/** A drawing beside words. */
export const Sign = ({ name }: { name: keyof typeof PATHS }) => (
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
);
