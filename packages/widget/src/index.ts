export { type CreateWidgetOptions, createWidget, type Widget } from './create-widget.ts';
export type { Greeting, WidgetEvents } from './shell/types.ts';
