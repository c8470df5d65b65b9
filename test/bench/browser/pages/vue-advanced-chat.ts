/** https://github.com/advanced-chat/vue-advanced-chat with one room in which nothing was said. */
import { register } from 'vue-advanced-chat';

const ROOM = {
  roomId: 'one',
  roomName: 'Bench',
  avatar: '',
  users: [
    { _id: 'me', username: 'Me' },
    { _id: 'sara', username: 'Sara' },
  ],
};

/** It has no way to ask for the focus: take the field when it is there. */
const focusField = (chat: HTMLElement): void => {
  const field = chat.shadowRoot?.querySelector('textarea');
  if (field) field.focus();
  else requestAnimationFrame(() => focusField(chat));
};

export const open = (): void => {
  register();
  const chat = document.createElement('vue-advanced-chat');
  const attributes = {
    'current-user-id': 'me',
    rooms: JSON.stringify([ROOM]),
    'rooms-loaded': 'true',
    messages: '[]',
    'messages-loaded': 'true',
    'single-room': 'true',
    height: '640px',
  };
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  Object.assign(chat.style, { position: 'fixed', right: '20px', bottom: '88px', width: '384px' });
  document.body.append(chat);
  focusField(chat);
};
