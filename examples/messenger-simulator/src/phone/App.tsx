import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Customer } from '../types.ts';
import {
  createCustomer,
  loadCustomers,
  loadPages,
  loadThread,
  openLink,
  type PageView,
  type ThreadView as Thread,
  watch,
} from './api.ts';
import { People } from './People.tsx';
import { ThreadView } from './ThreadView.tsx';
import { wordsFor } from './words.ts';

/** The chosen person stands in the fragment, so that the way back from the brand's page leads here again. */
const chosenPsid = (): string | null => location.hash.slice(1) || null;

/** The `?ref=` of an m.me link, once. */
const takeRef = (): string | null => {
  const url = new URL(location.href);
  const ref = url.searchParams.get('ref');
  if (ref === null) return null;
  url.searchParams.delete('ref');
  history.replaceState(null, '', url);
  return ref;
};

const useCustomers = () => {
  const [customers, setCustomers] = useState<Customer[] | null>(null);
  const [pages, setPages] = useState<PageView[]>([]);
  const reload = useCallback(async () => setCustomers(await loadCustomers()), []);
  useEffect(() => {
    void reload();
    void loadPages().then(setPages);
  }, [reload]);
  return { customers, pages, reload };
};

const useChosen = (): [string | null, (psid: string) => void] => {
  const [psid, setPsid] = useState(chosenPsid);
  useEffect(() => {
    const follow = () => setPsid(chosenPsid());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return [
    psid,
    (next) => {
      location.hash = next;
    },
  ];
};

const useThread = (psid: string | null, onNews: () => void): Thread | null => {
  const [thread, setThread] = useState<Thread | null>(null);
  useEffect(() => {
    let wanted = true;
    const load = async () => {
      if (psid === null) return;
      const next = await loadThread(psid).catch(() => null);
      if (wanted) setThread(next);
    };
    const ref = psid === null ? null : takeRef();
    if (psid !== null && ref !== null) void openLink(psid, ref).then(load);
    const stop = watch((changed) => {
      if (changed === null) onNews();
      if (changed === null || changed === psid) void load();
    });
    return () => {
      wanted = false;
      stop();
    };
  }, [psid, onNews]);
  return thread?.customer.psid === psid ? thread : null;
};

/** The phone, and beside it the people whose phone it can be. */
export const App = () => {
  const { customers, pages, reload } = useCustomers();
  const [psid, choose] = useChosen();
  const thread = useThread(psid, reload);
  const words = wordsFor(thread?.customer.locale ?? 'en_US');
  const page = pages.find(({ id }) => id === thread?.customer.pageId);

  return (
    <main class={psid === null ? 'scene choosing' : 'scene'}>
      <section class="about">
        <h1>Messenger simulator</h1>
        <p>Be a customer: choose a person, then write to the Page.</p>
        <People
          customers={customers ?? []}
          chosen={psid}
          onChoose={choose}
          onCreate={async (person) => {
            const created = await createCustomer(person);
            await reload();
            choose(created.psid);
          }}
        />
      </section>
      <section class="phone" lang={words.lang} dir={words.dir}>
        {thread !== null && page !== undefined ? (
          <>
            <div class="bar">
              <button class="back" type="button" lang="en" aria-label="All people" onClick={() => choose('')}>
                <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
                  <path d="M15 5l-7 7 7 7" fill="none" stroke="currentColor" stroke-width="2" />
                </svg>
              </button>
              <h1>
                <bdi>{page.name}</bdi>
              </h1>
              <span class="owner" dir="auto">
                {thread.customer.firstName}
              </span>
            </div>
            <ThreadView thread={thread} page={page} words={words} />
          </>
        ) : (
          <p class="empty">Choose whose phone this is.</p>
        )}
      </section>
    </main>
  );
};
