import type { VNode } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { PlainKey } from '../../i18n/catalogue.ts';
import { Avatar } from '../../panel/Avatar.tsx';
import type { Link } from '../../panel/create-state.ts';
import { type Ui, useStore } from '../../panel/ui.tsx';
import css from './handoff.css';
import type { HandoffEvent, HandoffState } from './handoff.ts';
import { createHandoffDriver } from './handoff-driver.ts';

export { css };

/** A question or an answer that takes the conversation's place. */
interface Screen {
  title: VNode;
  why?: VNode;
  picture?: VNode;
  /** Equally prominent. */
  presses?: readonly (readonly [label: PlainKey, event: HandoffEvent])[];
  busy?: boolean;
  /** Into the social thread. */
  deepLink?: string | null;
  /** Offers a conversation of one's own instead. */
  leave?: boolean;
}

const LEAVE = ['startOwn', { type: 'leave' }] as const;

/** What a deep link opens: Messenger's own short links are known (Meta, m.me links), any other is just a chat. */
const networkOf = (deepLink: string | null, { i18n }: Ui): string =>
  i18n.network(deepLink?.includes('//m.me/') ? 'messenger' : 'chat');

const askedOf = ({ peek, busy }: Extract<HandoffState, { step: 'asking' }>, { i18n, say }: Ui): Screen => {
  const agent = peek.agent?.name ?? peek.workspace.name;
  return {
    title:
      peek.channel.kind === 'web'
        ? say('peekAskHere', { agent })
        : say('peekAsk', { channel: i18n.network(peek.channel.kind), agent, name: peek.maskedName }),
    why: say('peekWhy'),
    picture: <Avatar name={agent} pictureUrl={peek.agent?.pictureUrl ?? null} />,
    presses: [
      ['yes', { type: 'continue' }],
      ['no', { type: 'notMe' }],
    ],
    busy,
  };
};

const screenOf = (state: HandoffState, ui: Ui): Screen => {
  const { say } = ui;
  switch (state.step) {
    case 'asking':
      return state.peek.state === 'yours' ? { title: say('peeking') } : askedOf(state, ui);
    case 'joining':
      return {
        title: say('joinAsk'),
        why: say('joinWhy'),
        presses: [
          ['join', { type: 'join', join: true }],
          ['apart', { type: 'join', join: false }],
        ],
      };
    case 'declined':
      return { title: say('declined'), why: say('declinedWhy'), presses: [LEAVE] };
    case 'refused': {
      const { refusal, failure, busy } = state;
      const presses = failure.renewable ? ([['renew', { type: 'renew' }]] as const) : [];
      const deepLink = failure.renewable ? null : failure.deepLink;
      return { title: say(refusal), why: say(`${refusal}Why`), presses, deepLink, busy, leave: true };
    }
    case 'renewed':
    case 'closed': {
      const { step, deepLink } = state;
      return { title: say(step, { channel: networkOf(deepLink, ui) }), why: say(`${step}Why`), deepLink };
    }
    case 'broken':
      return {
        title: say('broken'),
        presses: [['retry', { type: 'again' }]],
        leave: true,
      };
    default:
      return { title: say('peeking') };
  }
};

const takeFocus = (heading: HTMLElement | null): void => heading?.focus();

/** Carrying a conversation on here: the question, and what can come of it. The heading of each step takes the focus. */
const HandoffScreen = ({ ui, link }: { ui: Ui; link: Link }) => {
  const { client, shell, i18n, say, $handoff, $token } = ui;
  const handoff = useMemo(
    () => createHandoffDriver(client, link, (step) => shell.emit('handoff', { step })),
    [client, shell, link],
  );
  const state = useStore(handoff.$state);
  useEffect(() => {
    if (state.step === 'none') $handoff.set(null);
    if (state.step === 'declined') $token.set(null);
  }, [state, $handoff, $token]);
  const { title, why, picture, presses = [], busy = false, deepLink, leave } = screenOf(state, ui);
  return (
    <div class="empty screen">
      {picture}
      <h3 key={state.step} tabIndex={-1} ref={takeFocus}>
        {title}
      </h3>
      {why && <p>{why}</p>}
      <div class="presses">
        {presses.map(([label, event]) => (
          <button
            key={label}
            type="button"
            class="big"
            aria-disabled={busy}
            onClick={() => busy || handoff.send(event)}
          >
            {i18n.text(label)}
          </button>
        ))}
        {deepLink && (
          <a class="big" href={deepLink} target="_blank" rel="noopener noreferrer">
            {say('openIn', { channel: networkOf(deepLink, ui) })}
          </a>
        )}
      </div>
      {leave && (
        <button type="button" class="link" onClick={() => handoff.send(LEAVE[1])}>
          {say(LEAVE[0])}
        </button>
      )}
    </div>
  );
};

export default HandoffScreen;
