import { createWidget } from '@continuo/widget';

const main = document.querySelector('main');
const { baseUrl = '', channel = '' } = main?.dataset ?? {};

const chat = createWidget({ baseUrl, channel });
chat.$unread.subscribe((count) => {
  document.title = count > 0 ? `(${count}) Nimbus Coffee` : 'Nimbus Coffee';
});
document.querySelector('#ask')?.addEventListener('click', () => chat.open());
