import type { InboxConversation, Me } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import type { Translator } from '../i18n/translator.ts';
import type { Desk } from '../state/desk.ts';
import { Avatar } from './Avatar.tsx';
import { useText } from './context.ts';
import { Icon } from './Icon.tsx';
import { Menu, type MenuItem } from './Menu.tsx';

interface AssignMenuProps {
  desk: Desk;
  me: Me;
  view: InboxConversation;
}

type Agents = NonNullable<ReturnType<Desk['$agents']['get']>>;

/** The agent first, then who is online, then the least busy. */
const inOrder = (agents: Agents, agentId: string) =>
  agents.toSorted((a, b) => {
    if (a.id === agentId || b.id === agentId) return a.id === agentId ? -1 : 1;
    if (a.status !== b.status) return a.status === 'online' ? -1 : 1;
    return a.openConversations - b.openConversations;
  });

const agentLine = ({ t }: Translator, agent: Agents[number], isMe: boolean) => (
  <>
    <span class="avatar-place">
      <Avatar id={agent.id} name={agent.name} pictureUrl={agent.pictureUrl} size="small" />
      <span class={agent.status === 'online' ? 'dot' : 'dot off'} />
    </span>
    <span class="menu-lines">
      <span>
        <bdi>{isMe ? t('assignMe') : agent.name}</bdi>
      </span>
      <small>
        {t('listSeparator', {
          first: t(agent.status),
          second: t('load', { count: agent.openConversations }),
        })}
      </small>
    </span>
  </>
);

export function AssignMenu({ desk, me, view }: AssignMenuProps) {
  const text = useText();
  const { t } = text;
  const agents = useStore(desk.$agents);
  const busy = useStore(desk.actions.$busy);
  const { id, assignee } = view.summary;
  const known = agents ?? [{ ...me.agent, openConversations: 0 }];

  const items: MenuItem[] = [
    ...inOrder(known, me.agent.id).map((agent) => ({
      key: agent.id,
      content: agentLine(text, agent, agent.id === me.agent.id),
      isChosen: agent.id === assignee?.id,
      onSelect: () => agent.id !== assignee?.id && void desk.actions.assign(id, agent.id),
    })),
    {
      key: 'nobody',
      content: <span class="menu-lines">{t('assignNobody')}</span>,
      isChosen: assignee === null,
      onSelect: () => assignee !== null && void desk.actions.assign(id, null),
    },
  ];

  return (
    <Menu
      title={t('assignTo')}
      command="assign"
      isDisabled={busy.has('assign')}
      onOpen={() => void desk.loadAgents()}
      items={items}
      button={
        <>
          <Icon name="person" />
          <span class="button-text">{t('assign')}</span>
        </>
      }
    />
  );
}
