import { createClient, type TimelineItem } from '@continuo/core';

const find = <T extends HTMLElement>(id: string, kind: { new (): T }): T => {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`The page has no #${id}`);
  return element;
};
const chat = find('chat', HTMLElement);
const log = find('log', HTMLOListElement);
const form = find('composer', HTMLFormElement);
const question = find('question', HTMLParagraphElement);
const field = form.elements.namedItem('text');
if (!(field instanceof HTMLTextAreaElement)) throw new Error('The form has no text');

const { baseUrl = '', channel: channelKey = '' } = chat.dataset;
const client = createClient({ baseUrl, channelKey, locale: document.documentElement.lang });

const line = (text: string): HTMLElement =>
  Object.assign(document.createElement('p'), { textContent: text, dir: 'auto' });

const button = (label: string, press: () => void): HTMLElement => {
  const element = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
  element.addEventListener('click', press);
  return element;
};

const row = (item: TimelineItem, read: number): HTMLElement | null => {
  const element = document.createElement('li');
  if (item.seq === null) {
    const { clientId, text, state } = item.pending;
    element.className = 'mine';
    element.append(...text.split('\n').map(line), line(state === 'failed' ? 'Not sent' : 'Sending…'));
    if (state === 'failed') {
      element.append(
        button('Retry', () => client.retry(clientId)),
        button('Delete', () => client.discard(clientId)),
      );
    }
    return element;
  }
  const { event } = item;
  if (event.type === 'assigned' && event.agent) {
    element.className = 'note';
    element.append(line(`${event.agent.name} answers you`));
    return element;
  }
  if (event.type !== 'message') return null;
  const mine = event.author.kind === 'customer';
  element.className = mine ? 'mine' : 'theirs';
  if (!mine) element.append(line(event.author.name ?? 'Support'));
  element.append(...event.text.split('\n').map(line));
  if (mine) element.append(line(event.seq <= read ? 'Seen' : 'Sent'));
  return element;
};

const show = (): void => {
  const { agentRead } = client.$positions.get();
  const rows = client.$messages.get().map((item) => row(item, agentRead));
  log.replaceChildren(...rows.filter((element) => element !== null));
  log.lastElementChild?.scrollIntoView({ block: 'nearest' });
  client.markRead();
};
client.$messages.listen(show);
client.$positions.listen(show);
client.$connection.subscribe((state) => {
  find('state', HTMLParagraphElement).textContent = state === 'online' || state === 'idle' ? '' : `${state}…`;
});
client.$typing.subscribe((agent) => {
  find('typing', HTMLParagraphElement).textContent = agent ? `${agent.name} is typing…` : '';
});

field.addEventListener('input', () => client.typing());
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (field.value.trim()) client.send(field.value.trim());
  field.value = '';
});

/** A link brought the customer here: out of the address with its token, then ask, then carry on. */
const carryOn = async (token: string): Promise<void> => {
  const { agent, maskedName, channel, joinRequired } = await client.handoff.peek(token);
  const asked = `Continue your ${channel.name} conversation${agent ? ` with ${agent.name}` : ''} as ${maskedName}?`;
  question.firstElementChild?.replaceChildren(asked);
  question.hidden = false;
  question.addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    question.hidden = true;
    const join = joinRequired && confirm('Bring your conversation on this device along?');
    const answered =
      target.value === 'yes' ? client.handoff.redeem(token, { join }) : client.handoff.decline(token);
    answered.catch(({ message }: Error) => alert(message));
  });
};
const token = /^#continuo=([\w-]{43})$/.exec(location.hash)?.[1];
if (token) history.replaceState(null, '', location.pathname);
await client.open();
if (token) await carryOn(token).catch(({ message }: Error) => alert(message));
