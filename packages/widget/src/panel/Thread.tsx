import { useEffect } from 'preact/hooks';
import { Composer } from './Composer.tsx';
import { SERVICE } from './features.ts';
import { feature, Later } from './Later.tsx';
import { StatusBar } from './StatusBar.tsx';
import { type UiProps, useStore } from './ui.tsx';

const list = feature(() => import('./MessageList.tsx'));
const below = feature(() => import('../features/below/Below.tsx'));

const Skeleton = ({ ui }: UiProps) => (
  <div class="empty" role="img" aria-label={ui.i18n.text('loading')}>
    <i />
    <i />
    <i />
    <i />
  </div>
);

/** Nothing was said yet: a greeting, and what to expect. */
const Empty = ({ ui }: UiProps) => {
  const { client, say } = ui;
  const channel = useStore(client.$channel);
  return (
    <div class="empty">
      <p class="greeting">{say('greeting')}</p>
      <p>{channel?.online === false ? say('expectAway') : say('expectOnline')}</p>
      <Later quiet of={SERVICE} props={{ ui, offers: true }} />
    </div>
  );
};

/** The conversation: what stands in the way, what was said, and where to write. */
export const Thread = ({ ui }: UiProps) => {
  const { client, $looked } = ui;
  const items = useStore(client.$messages);
  const session = useStore(client.$session);
  const conversation = useStore(client.$conversation);
  const looked = useStore($looked);
  const isLoading = session === 'none' ? !looked : session !== 'ended' && !conversation;
  const isNear = useStore(client.$draft) !== '' || isLoading;
  useEffect(() => {
    // Ahead of the messages that are being read, and of the one that is being written: the network may be gone by then.
    if (isNear) list.fetch(ui).catch(() => {});
  }, [ui, isNear]);
  return (
    <>
      <StatusBar ui={ui} />
      {items.length > 0 ? (
        <Later key={conversation?.id} of={list} props={{ ui, items }} />
      ) : isLoading ? (
        <Skeleton ui={ui} />
      ) : (
        <Empty ui={ui} />
      )}
      {items.length > 0 && <Later of={below} props={{ ui }} quiet />}
      <Composer ui={ui} />
    </>
  );
};
