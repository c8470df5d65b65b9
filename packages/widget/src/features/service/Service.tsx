import { useEffect, useState } from 'preact/hooks';
import { feature, Later } from '../../panel/Later.tsx';
import { type Ui, type UiProps, useStore } from '../../panel/ui.tsx';
import { announceQueue } from './announce-queue.ts';
import css from './service.css';
import { useOpening } from './use-opening.ts';
import { dayOf } from './when.ts';

export { css };

const PRE_CHAT = feature(() => import('../pre-chat/PreChat.tsx'));
const HOUR = 60;

const Replies = ({ ui: { say }, minutes }: { ui: Ui; minutes: number }) =>
  minutes < HOUR ? say('replies', { n: minutes }) : say('repliesHours', { n: Math.round(minutes / HOUR) });

/** When one can expect an answer: how soon while it is open, else when it opens. */
const Expect = ({ ui }: UiProps) => {
  const { say, i18n, client } = ui;
  const minutes = useStore(client.$channel)?.replyMinutes;
  const opening = useOpening(ui);
  if (opening && !opening.open) {
    const { changesAt, now } = opening;
    if (changesAt === null) return say('closedNow');
    return say('backAt', { day: dayOf(ui, changesAt, now), time: i18n.time(changesAt) });
  }
  return minutes ? <Replies ui={ui} minutes={minutes} /> : null;
};

/** A bot says so, and a person can be had at any time. */
const Person = ({ ui: { client, say, announcer, i18n } }: UiProps) => {
  const [busy, setBusy] = useState(false);
  const ask = () => {
    if (busy) return;
    setBusy(true);
    client
      .choose('colleague')
      .catch(() => announcer.say(i18n.text('broken'), 'urgent'))
      .finally(() => setBusy(false));
  };
  return (
    <button type="button" class="small person" aria-disabled={busy} onClick={ask}>
      {say('person')}
    </button>
  );
};

/** Below the name: what the agent does, what they are, and when they answer. */
const Who = ({ ui }: UiProps) => {
  const agent = useStore(ui.client.$agent);
  useEffect(() => announceQueue(ui), [ui]);
  return (
    <>
      {(agent?.role || agent?.bot) && (
        <p class="role">
          {agent.bot && <span class="bot">{ui.say('bot')}</span>}
          {agent.role && <bdi>{agent.role}</bdi>}
        </p>
      )}
      <p class="expect">
        <Expect ui={ui} />
      </p>
      {agent?.bot && <Person ui={ui} />}
    </>
  );
};

/** Before anything was said: what else one can do than write. */
const Offers = ({ ui }: UiProps) => {
  const { client, say, pages } = ui;
  const channel = useStore(client.$channel);
  const opening = useOpening(ui);
  return (
    <>
      {channel?.preChat && <Later quiet of={PRE_CHAT} props={{ ui }} />}
      {opening && !opening.open && <p>{say('leaveMessage')}</p>}
      <div class="choices offers">
        {channel?.hours && (
          <button type="button" class="small" onClick={() => pages.open('hours')}>
            {say('hours')}
          </button>
        )}
        {channel?.callbacks && (
          <button type="button" class="small" onClick={() => pages.open('callback')}>
            {say('callback')}
          </button>
        )}
      </div>
    </>
  );
};

/** Who answers, and when; `offers`: with what else one can do. */
const Service = ({ ui, offers }: { ui: Ui; offers?: boolean }) =>
  offers ? <Offers ui={ui} /> : <Who ui={ui} />;

export default Service;
