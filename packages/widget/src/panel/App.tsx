import { useEffect, useMemo } from 'preact/hooks';
import type { State } from './create-state.ts';
import { announceNews } from './news.ts';
import { Panel } from './Panel.tsx';
import { createSay, useStore } from './ui.tsx';

/** The panel while it is open, once its words are there. */
export const App = ({ state }: { state: State }) => {
  const open = useStore(state.$open, 'now');
  const i18n = useStore(state.$i18n, 'now');
  const ui = useMemo(() => i18n && { ...state, i18n, say: createSay(i18n) }, [state, i18n]);
  useEffect(() => (ui ? announceNews(ui) : undefined), [ui]);
  return open !== 'closed' && ui ? <Panel ui={ui} focus={open === 'focused'} /> : null;
};
