import { searchConversation } from '@continuo/core/afterwards';
import { useEffect, useState } from 'preact/hooks';
import type { Ui, UiProps } from '../../panel/ui.tsx';
import { useAct } from '../use-act.ts';
import css from './find.css';
import { goTo } from './go-to.ts';

export { css };

type Results = Awaited<ReturnType<typeof searchConversation>>;
type Hit = Results['results'][number];

/** The longest that can be searched for, as the protocol's LIMITS.searchLength. */
const MAX_LENGTH = 100;
/** Someone who writes is done for now after this time. */
const PAUSE_MS = 300;

/** The found words are marked; all else is text. */
const Snippet = ({ snippet, ranges }: Pick<Hit, 'snippet' | 'ranges'>) => {
  const parts = [];
  let done = 0;
  for (const [from = 0, to = 0] of ranges) {
    parts.push(snippet.slice(done, from), <mark key={from}>{snippet.slice(from, to)}</mark>);
    done = to;
  }
  return (
    <span dir="auto">
      {parts}
      {snippet.slice(done)}
    </span>
  );
};

const nameOf = ({ kind, name }: Hit['author'], { i18n }: Ui): string =>
  kind === 'customer' ? i18n.text('you') : (name ?? i18n.text('support'));

const HitLine = ({ ui, hit, onPress }: UiProps & { hit: Hit; onPress: () => void }) => (
  <li>
    <button type="button" class="find" onClick={onPress}>
      <span class="meta">
        <bdi>{nameOf(hit.author, ui)}</bdi> · {ui.i18n.day(hit.at, Date.now())}
      </span>
      <Snippet {...hit} />
    </button>
  </li>
);

const announce = ({ i18n, announcer }: Ui, { results }: Results): void =>
  announcer.say(
    results.length > 0 ? i18n.text('searchFound', { n: results.length }) : i18n.text('searchNone'),
  );

/** Asks when the person pauses; of several answers only that to the last question counts. */
const useSearch = (ui: Ui, query: string) => {
  const [found, setFound] = useState<Results | null>(null);
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  useEffect(() => {
    let isOld = false;
    const settle = (results: Results | null, next: 'idle' | 'failed') => {
      if (isOld) return;
      setFound(results);
      setState(next);
      if (results) announce(ui, results);
    };
    if (query === '') {
      settle(null, 'idle');
      return undefined;
    }
    const timer = setTimeout(() => {
      setState('busy');
      searchConversation(ui.client, query).then(
        (results) => settle(results, 'idle'),
        () => settle(null, 'failed'),
      );
    }, PAUSE_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [ui, query]);
  const more = async (): Promise<void> => {
    const page = await searchConversation(ui.client, query, found?.before);
    const next = { results: [...(found?.results ?? []), ...page.results], before: page.before };
    // Another question may have been asked meanwhile.
    setFound((now) => (now === found ? next : now));
    announce(ui, next);
  };
  return { found, state, more };
};

/** Finds words in the conversation, and leads to where they were said. */
const Search = ({ ui }: UiProps) => {
  const { i18n, say } = ui;
  const [query, setQuery] = useState('');
  const { found, state, more } = useSearch(ui, query.trim());
  const { busy, problem, act } = useAct(ui);
  const go = (seq: number) => () => act(async () => void (await goTo(ui, seq)));
  return (
    <>
      <search class="finder">
        <input
          class="field"
          type="search"
          enterkeyhint="search"
          aria-label={i18n.text('searchFor')}
          placeholder={i18n.text('searchFor')}
          maxLength={MAX_LENGTH}
          dir="auto"
          value={query}
          onInput={({ currentTarget }) => setQuery(currentTarget.value)}
        />
        {(problem || state === 'failed') && <p class="over">{say(problem ?? 'broken')}</p>}
        {found?.results.length === 0 && !found.before && <p>{say('searchNone')}</p>}
      </search>
      <ul class="finds" aria-busy={busy || state === 'busy'}>
        {found?.results.map((hit) => (
          <HitLine key={hit.seq} ui={ui} hit={hit} onPress={go(hit.seq)} />
        ))}
      </ul>
      {found?.before && (
        <div class="finder">
          <button type="button" class="small" aria-disabled={busy} onClick={() => act(more)}>
            {say('showMore')}
          </button>
        </div>
      )}
      {(busy || state === 'busy') && <p class="wait">{say('loadingMore')}</p>}
    </>
  );
};

export default Search;
