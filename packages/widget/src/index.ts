export { type CreateWidgetOptions, createWidget, type Widget } from './create-widget.ts';
export type { WidgetEvents } from './shell/types.ts';
