import { useMemo } from 'preact/hooks';
import type { MessageRow, Status } from '../view/rows.ts';
import { Icon } from './Icon.tsx';
import { feature, Later } from './Later.tsx';
import type { Ui } from './ui.tsx';
import { Words } from './Words.tsx';

const file = feature(() => import('../features/files/File.tsx'));
const rich = feature(() => import('../features/rich/RichMessage.tsx'));
const extras = feature(() => import('../features/message-actions/Extras.tsx'));

const ICONS = {
  waiting: 'waiting',
  sending: 'waiting',
  sent: 'sent',
  delivered: 'read',
  read: 'read',
} as const satisfies Record<Exclude<Status, 'failed'>, string>;

interface RowProps {
  ui: Ui;
  row: MessageRow;
}

const Failed = ({ ui: { client, say }, row: { key: clientId, failure } }: RowProps) => {
  return (
    <p class="failed">
      {say(failure ?? 'failed')}
      <button type="button" class="link" onClick={() => client.retry(clientId)}>
        {say('retry')}
      </button>
      <button type="button" class="link" onClick={() => client.discard(clientId)}>
        {say('discard')}
      </button>
    </p>
  );
};

const Meta = ({ ui: { i18n, say }, row: { network, at, status } }: RowProps) => {
  return (
    <p class="meta">
      {network && <span class="network">{say('via', { channel: i18n.network(network) })}</span>}
      <time dateTime={new Date(at).toISOString()}>{i18n.time(at)}</time>
      {status && status !== 'failed' && (
        <span class="tick">
          <Icon name={ICONS[status]} />
          <span class="hidden">{say(status)}</span>
        </span>
      )}
    </p>
  );
};

const draw = ({ ui, row }: RowProps, name: string) => (
  <article
    class="message"
    part={row.mine ? 'message mine' : 'message theirs'}
    data-key={row.key}
    data-mine={row.mine || undefined}
    data-first={row.first || undefined}
    data-last={row.last || undefined}
    data-status={row.status}
    aria-label={ui.i18n.text('said', { name, text: ui.i18n.time(row.at) })}
  >
    {!row.mine && row.first && (
      <p class="from" aria-hidden="true">
        <bdi>{name}</bdi>
      </p>
    )}
    {row.event && <Later of={extras} props={{ ui, row }} quiet />}
    {row.attachments.map((attachment) => (
      <Later key={attachment.id ?? attachment.url} of={file} props={{ ui, attachment }} quiet />
    ))}
    {row.text && (
      <div class="bubble" part="bubble">
        <Words ui={ui} text={row.text} />
      </div>
    )}
    {row.event?.rich && <Later of={rich} props={{ ui, event: row.event }} quiet />}
    {row.status === 'failed' ? <Failed ui={ui} row={row} /> : row.meta && <Meta ui={ui} row={row} />}
  </article>
);

/** One message, with who, when, over which network and how far it has got. Drawn anew only when it looks different. */
export const Message = ({ ui, row }: RowProps) => {
  const { client, i18n } = ui;
  const name = row.mine
    ? i18n.text('you')
    : (row.from ?? client.$channel.get()?.workspace.name ?? i18n.text('support'));
  return useMemo(() => draw({ ui, row }, name), [ui, row, name]);
};
