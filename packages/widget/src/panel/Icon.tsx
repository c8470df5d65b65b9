const PATHS = {
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M5 12h13m-6-6.5 6.5 6.5-6.5 6.5',
  waiting: 'M12 7v5.5l3.5 2M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0z',
  sent: 'M5 12.5l4.5 4.5L19 7.5',
  read: 'M2.5 12.5L7 17l9-9.5M11.5 16.5l.5.5 9-9.5',
  down: 'M12 5v14m-6-6 6 6 6-6',
  back: 'M14.5 5l-7 7 7 7',
  on: 'M9.5 5l7 7-7 7',
  attach: 'M20 11l-8 8a5 5 0 0 1-7-7l8-8a3.4 3.4 0 0 1 5 5l-8 8a2 2 0 0 1-3-3l7-7',
  more: 'M5 12h.1m6.9 0h.1m6.9 0h.1',
} as const;

/** A drawing in the colour of the text. It never stands alone: words beside it, or the control's name, say the same. */
export const Icon = ({ name }: { name: keyof typeof PATHS }) => (
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
);
