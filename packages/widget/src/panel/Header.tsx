import { Avatar } from './Avatar.tsx';
import { PAGE, SERVICE } from './features.ts';
import { Icon } from './Icon.tsx';
import { Later } from './Later.tsx';
import { type UiProps, useStore } from './ui.tsx';

/** Who answers, whether they are there, and the way out. */
export const Header = ({ ui }: UiProps) => {
  const { client, shell, i18n, say, pages } = ui;
  const agent = useStore(client.$agent);
  const channel = useStore(client.$channel);
  const name = agent?.name ?? channel?.workspace.name ?? i18n.text('support');
  const online = agent ? agent.status === 'online' : channel?.online;
  return (
    <div class="header" part="header">
      <Avatar name={name} pictureUrl={agent?.pictureUrl ?? null} online={online || undefined} />
      <div class="who">
        <h2 id="title" class="name">
          <bdi>{name}</bdi>
        </h2>
        {online !== undefined && <p class="presence">{say(online ? 'online' : 'away')}</p>}
        <Later quiet of={SERVICE} props={{ ui }} />
      </div>
      <button
        type="button"
        class="bare more"
        aria-label={i18n.text('more')}
        onPointerEnter={() => PAGE.fetch(ui).catch(() => {})}
        onClick={() => pages.open('menu')}
      >
        <Icon name="more" />
      </button>
      {!shell.options.mode && (
        <button type="button" class="bare" aria-label={i18n.text('close')} onClick={() => shell.close()}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
};
