import type { Me } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import type { Status, View } from '../api/inbox-api.ts';
import type { PlainKey } from '../i18n/catalogue.ts';
import type { Desk } from '../state/desk.ts';
import type { ListState } from '../state/list.ts';
import { AccountBar } from './AccountBar.tsx';
import { useText } from './context.ts';
import { focusedIn, rowsIn } from './focus.ts';
import { ListRow } from './ListRow.tsx';

const VIEWS: Record<View, PlainKey> = { mine: 'viewMine', waiting: 'viewWaiting', all: 'viewAll' };
const STATUSES: Record<Status, PlainKey> = { open: 'statusOpen', resolved: 'statusResolved' };
const EMPTY: Record<View, [title: PlainKey, hint: PlainKey]> = {
  mine: ['emptyMine', 'emptyMineHint'],
  waiting: ['emptyWaiting', 'emptyWaitingHint'],
  all: ['emptyAll', 'emptyAllHint'],
};

const isView = (name: string): name is View => name in VIEWS;
const isStatus = (name: string): name is Status => name in STATUSES;

function Filters({ desk, list }: { desk: Desk; list: ListState }) {
  const { t, number } = useText();
  const { view, status, counts } = list;
  return (
    <div class="filters">
      <fieldset class="segments views">
        <legend class="hidden">{t('view')}</legend>
        {Object.keys(VIEWS)
          .filter(isView)
          .map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === view}
              onClick={() => desk.list.choose(one, one === 'waiting' ? 'open' : status)}
            >
              {t(VIEWS[one])}
              {counts && (
                <span class={one === 'waiting' && counts.waiting > 0 ? 'count due' : 'count'}>
                  {number(counts[one])}
                </span>
              )}
            </button>
          ))}
      </fieldset>
      {view === 'waiting' ? (
        <p class="order">{t('longestFirst')}</p>
      ) : (
        <fieldset class="segments statuses">
          <legend class="hidden">{t('status')}</legend>
          {Object.keys(STATUSES)
            .filter(isStatus)
            .map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={one === status}
                onClick={() => desk.list.choose(view, one)}
              >
                {t(STATUSES[one])}
              </button>
            ))}
        </fieldset>
      )}
    </div>
  );
}

/** What stands in the place of rows while there are none. */
function NoRows({ desk, list }: { desk: Desk; list: ListState }) {
  const { t } = useText();
  if (list.phase === 'failed') {
    return (
      <div class="no-rows" role="alert">
        <p>{t('listFailed')}</p>
        <button type="button" class="button" onClick={() => desk.list.refresh()}>
          {t('tryAgain')}
        </button>
      </div>
    );
  }
  if (list.phase === 'loading') {
    return (
      <div class="skeletons" role="status">
        <span class="hidden">{t('loading')}</span>
        {['a', 'b', 'c', 'd', 'e'].map((key) => (
          <div key={key} class="skeleton" aria-hidden="true" />
        ))}
      </div>
    );
  }
  const [title, hint]: [PlainKey, PlainKey] =
    list.status === 'resolved' ? ['emptyResolved', 'emptyResolvedHint'] : EMPTY[list.view];
  return (
    <div class="no-rows" role="status">
      <p>
        <strong>{t(title)}</strong>
      </p>
      <p>{t(hint)}</p>
    </div>
  );
}

const moveWithArrows = (event: KeyboardEvent) => {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || !(event.currentTarget instanceof HTMLElement)) return;
  const rows = rowsIn(event.currentTarget);
  event.preventDefault();
  rows[focusedIn(rows) + step]?.focus();
};

interface ListPaneProps {
  desk: Desk;
  me: Me;
  openId: string | null;
  onHelp(): void;
}

export function ListPane({ desk, me, openId, onHelp }: ListPaneProps) {
  const list = useStore(desk.list.$list);
  const typing = useStore(desk.$typing);
  const { t } = useText();
  return (
    <nav class="list-pane" aria-label={t('conversations')}>
      <AccountBar desk={desk} me={me} onHelp={onHelp} />
      <Filters desk={desk} list={list} />
      <div class="rows-place" aria-busy={list.phase === 'loading'}>
        {list.rows.length === 0 ? (
          <NoRows desk={desk} list={list} />
        ) : (
          <ul class="rows" onKeyDown={moveWithArrows}>
            {list.rows.map((conversation) => (
              <ListRow
                key={conversation.id}
                conversation={conversation}
                agentId={me.agent.id}
                view={list.view}
                isOpen={conversation.id === openId}
                isTyping={conversation.id in typing}
              />
            ))}
          </ul>
        )}
        {list.cursor !== null && (
          <button
            type="button"
            class="button more"
            disabled={list.loadingMore}
            onClick={() => desk.list.more()}
          >
            {t(list.loadingMore ? 'loading' : 'loadMore')}
          </button>
        )}
      </div>
    </nav>
  );
}
