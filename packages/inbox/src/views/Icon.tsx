/** Outlines on a 20 × 20 grid, drawn with the colour of the text around them. */
const SHAPES = {
  back: 'M12.5 4.5 7 10l5.5 5.5',
  send: 'M4 10h11M10.5 5.5 15 10l-4.5 4.5',
  person: 'M10 10.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Zm-6 6.3c.6-2.9 3-4.3 6-4.3s5.400 1.400 6 4.300',
  check: 'm4.500 10.500 3.500 3.500 7.500-8',
  link: 'M8.500 11.500a3 3 0 0 0 4.300 0l2.600-2.600a3 3 0 0 0-4.300-4.300l-1 1M11.500 8.500a3 3 0 0 0-4.300 0l-2.600 2.600a3 3 0 0 0 4.300 4.300l1-1',
  menu: 'M4 6h12M4 10h12M4 14h12',
  down: 'M10 4.500v11M5.500 11 10 15.500l4.500-4.500',
  close: 'm5.500 5.500 9 9m0-9-9 9',
  clock: 'M10 6v4.300l2.700 1.700M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z',
  warning: 'M10 7.500v3.500m0 2.600v.1M10 3.300 17.200 16H2.800Z',
  file: 'M11 3H6v14h8.500V6.500ZM11 3v3.500h3.500',
  info: 'M10 9.300v4.200m0-7v.1M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z',
  inbox: 'M3.500 11.500 5.500 4.500h9l2 7v4h-13Zm0 0H7.500a2.500 2.500 0 0 0 5 0h4',
  chat: 'M4 4.500h12v9H9.500L6 16.500v-3H4Z',
  web: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM3 10h14M10 3c2 2 3 4.300 3 7s-1 5-3 7c-2-2-3-4.300-3-7s1-5 3-7Z',
  messenger:
    'M10 3c-4 0-7 2.900-7 6.600 0 2.100.9 3.900 2.500 5.100V17.500l2.200-1.300c.7.200 1.500.3 2.300.3 4 0 7-2.900 7-6.900C17 5.900 14 3 10 3Zm-3.600 8.300L9.300 8l1.900 1.800L13.600 8',
} as const;

export type IconName = keyof typeof SHAPES;

/** Icons that point along the line of reading turn around with it. */
const TURNS: readonly IconName[] = ['back', 'send'];

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={TURNS.includes(name) ? 'icon turns' : 'icon'} viewBox="0 0 20 20" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}
