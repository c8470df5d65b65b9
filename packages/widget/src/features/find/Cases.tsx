import { listCases } from '@continuo/core/afterwards';
import { useEffect, useState } from 'preact/hooks';
import type { Ui, UiProps } from '../../panel/ui.tsx';
import { SCORES } from '../rating/scores.ts';
import { useAct } from '../use-act.ts';
import css from './find.css';
import { goTo } from './go-to.ts';

export { css };

type PastCase = Awaited<ReturnType<typeof listCases>>[number];

const Span = ({ ui: { i18n, say }, past: { openedAt, resolvedAt } }: { ui: Ui; past: PastCase }) => {
  const day = (at: number) => i18n.day(at, Date.now());
  if (resolvedAt === null) return say('caseSince', { from: day(openedAt) });
  const [from, to] = [day(openedAt), day(resolvedAt)];
  return from === to ? <span>{from}</span> : say('caseSpan', { from, to });
};

/** The cases so far; each leads to its beginning. */
const Cases = ({ ui }: UiProps) => {
  const { client, say } = ui;
  const [cases, setCases] = useState<readonly PastCase[] | 'failed' | null>(null);
  const { busy, problem, act } = useAct(ui);
  useEffect(() => {
    if (cases === null) listCases(client).then(setCases, () => setCases('failed'));
  }, [client, cases]);
  if (cases === 'failed')
    return (
      <div class="finder">
        <p class="over">{say('broken')}</p>
        <button type="button" class="small" onClick={() => setCases(null)}>
          {say('retry')}
        </button>
      </div>
    );
  return (
    <>
      {problem && <p class="wait over">{say(problem)}</p>}
      {cases?.length === 0 && <p class="wait">{say('searchNone')}</p>}
      <ul class="finds" aria-busy={busy || cases === null}>
        {cases?.map((past) => (
          <li key={past.number}>
            <button
              type="button"
              class="find"
              onClick={() => act(async () => void (await goTo(ui, past.fromSeq)))}
            >
              {say('caseNumber', { n: past.number })}
              <span class="meta">
                <Span ui={ui} past={past} />
                {past.agentName !== null && (
                  <span>
                    <bdi>{past.agentName}</bdi>
                  </span>
                )}
                {past.rating !== null && say(SCORES[past.rating - 1] ?? 'rate3')}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {(busy || cases === null) && <p class="wait">{say('loadingMore')}</p>}
    </>
  );
};

export default Cases;
