/** https://deepchat.dev as its documents begin: the element, without a service behind it. */
import 'deep-chat';

export const open = (): void => {
  // Its type is of another class than the element's.
  const chat = new (customElements.get('deep-chat') ?? HTMLElement)();
  Object.assign(chat.style, {
    position: 'fixed',
    right: '20px',
    bottom: '88px',
    width: '384px',
    height: '640px',
  });
  Object.assign(chat, { demo: true, onComponentRender: () => Reflect.get(chat, 'focusInput')() });
  document.body.append(chat);
};
