/** The element's name. */
export const TAG = 'continuo-chat';

/** The element that carries the widget. */
export interface ChatHost extends HTMLElement {
  /** Called when the element left the document. */
  onleave?: (() => void) | undefined;
}

/** Makes the element, defining it where nobody has. */
export const createHost = (): ChatHost => {
  if (!customElements.get(TAG)) {
    // It only tells when it left the document, because routers and re-hydration take it away.
    customElements.define(
      TAG,
      class extends HTMLElement implements ChatHost {
        declare onleave?: (() => void) | undefined;
        disconnectedCallback() {
          this.onleave?.();
        }
      },
    );
  }
  return document.createElement(TAG);
};

/**
 * Keeps the element under `<html>`, beside `<body>`, where page transitions and re-hydration do not reach it; whoever
 * takes it away gets it back. In a task of its own, so that two scripts at odds never freeze the page.
 */
export const keepInPage = (host: ChatHost): void => {
  const append = () => document.documentElement.append(host);
  host.onleave = () => setTimeout(() => host.isConnected || !host.onleave || append());
  append();
};

/** Takes the element away for good. */
export const leavePage = (host: ChatHost): void => {
  host.onleave = undefined;
  host.remove();
};
