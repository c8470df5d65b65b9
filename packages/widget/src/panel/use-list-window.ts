import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TimelineItem } from '../view/model.ts';
import { back, bounds, FOLLOWING, forward, grow, MOST, type PageWindow, trim } from '../view/page-window.ts';
import { type Ui, useStore } from './ui.tsx';
import { useHeldView } from './use-held-view.ts';

/** What of the timeline is drawn, and how it moves as the reader scrolls and messages arrive. */
export const useListWindow = ({ client, $jump }: Ui, items: readonly TimelineItem[]) => {
  const hasEarlier = useStore(client.$hasEarlier);
  const log = useRef<HTMLDivElement>(null);
  const known = useRef(items);
  const [view, setView] = useState(FOLLOWING);
  const [loading, setLoading] = useState(false);
  const [atEnd, setAtEnd] = useState(true);
  const hold = useHeldView(log, [view, items]);
  const [start, end] = bounds(view, items);
  const isNewest = end === items.length;
  // WebKit moves what is being read when something arrives below it.
  if (items !== known.current && isNewest && !atEnd) hold();

  const move = (step: (view: PageWindow, items: readonly TimelineItem[]) => PageWindow) => {
    hold();
    setView((old) => step(old, known.current));
  };
  const toNewest = () => {
    setView(FOLLOWING);
    log.current?.scrollTo({ top: 0 });
  };
  // Before painting, so that nothing that is being read leaves when something arrives. What one writes is followed.
  useLayoutEffect(() => {
    const before = known.current;
    known.current = items;
    const newest = items.at(-1);
    if (!newest || newest.key === before.at(-1)?.key) return;
    if (newest.seq !== null) {
      // Who sees the newest does not see what leaves at the other end.
      if (!atEnd) setView((old) => grow(old, Math.max(0, items.length - before.length)));
      return;
    }
    setView(FOLLOWING);
    log.current?.scrollTo({ top: 0 });
  }, [items, atEnd]);
  useEffect(() => {
    if (view.size > MOST) move(trim);
  });
  useEffect(() => $jump.listen(setView), [$jump]);

  const showEarlier = async () => {
    if (start > 0) return move(back);
    if (!hasEarlier || loading) return;
    setLoading(true);
    await client.loadEarlier().then(
      () => move(back),
      () => {},
    );
    setLoading(false);
  };
  const reachEnd = (isIn: boolean) => {
    setAtEnd(isIn && isNewest);
    if (isIn && !isNewest) move(forward);
  };
  return {
    log,
    shown: items.slice(start, end),
    loading,
    hasMore: start > 0 || hasEarlier,
    atEnd: atEnd && isNewest,
    showEarlier,
    reachEnd,
    toNewest,
  };
};
