import type { I18n } from '../i18n/translate.ts';
import { type Client, pendingIn } from '../view/model.ts';
import type { Announcer } from './announcer.ts';

/** What arrives within this time is told at once. */
const BATCH_MS = 1000;
/** Only typing that lasts is told. */
const TYPING_MS = 2000;

/** Marks that would be read out, and where a link leads. */
const MARKS = /\*\*|[`[]|\]\(\S*\)/g;

interface NewsOptions {
  client: Client;
  announcer: Announcer;
  i18n: I18n;
}

/** Tells screen readers what happens in the conversation. Returns how to stop. */
export const announceNews = ({ client, announcer, i18n }: NewsOptions): (() => void) => {
  let batch: string[] = [];
  let batching: ReturnType<typeof setTimeout> | undefined;
  let typing: ReturnType<typeof setTimeout> | undefined;
  let failed: string[] = [];
  let isOffline = false;

  const tell = () => {
    batching = undefined;
    const [only] = batch;
    announcer.say(batch.length === 1 && only ? only : i18n.text('newMessages', { n: batch.length }));
    batch = [];
  };
  const stops = [
    client.on('message', ({ event }) => {
      clearTimeout(typing);
      const name = event.author.name ?? i18n.text('support');
      const text =
        event.text.replace(MARKS, '') || event.attachments.map(({ type }) => i18n.text(type)).join(' ');
      batch.push(i18n.text('said', { name, text }));
      batching ??= setTimeout(tell, BATCH_MS);
    }),
    client.$typing.listen((agent) => {
      clearTimeout(typing);
      if (agent)
        typing = setTimeout(() => announcer.say(i18n.text('typing', { agent: agent.name })), TYPING_MS);
    }),
    client.$messages.listen((items) => {
      const now = pendingIn(items).flatMap(({ state, clientId }) => (state === 'failed' ? [clientId] : []));
      if (now.some((clientId) => !failed.includes(clientId))) announcer.say(i18n.text('failed'), 'urgent');
      failed = now;
    }),
    client.$connection.listen((connection) => {
      if (connection === 'offline' || connection === 'outdated')
        announcer.say(i18n.text(connection), 'urgent');
      else if (isOffline) announcer.say('', 'urgent');
      isOffline = connection === 'offline';
    }),
  ];
  return () => {
    clearTimeout(batching);
    clearTimeout(typing);
    for (const stop of stops) stop();
  };
};
