import { useStore } from '@nanostores/preact';
import { useEffect } from 'preact/hooks';
import { useInbox, useText } from './context.ts';
import { Notice } from './Notice.tsx';
import { SignIn } from './SignIn.tsx';
import { Workplace } from './Workplace.tsx';

/** The whole page: signing in, or the agent's work. */
export function App() {
  const { account, $desk } = useInbox();
  const state = useStore(account.$account);
  const desk = useStore($desk);
  const { locale, dir, t } = useText();

  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.dir = dir;
    if (!desk) document.title = t('appName');
  }, [locale, dir, desk, t]);

  if (state.phase === 'in' && desk) {
    return (
      <>
        <Workplace desk={desk} me={state.me} />
        <Notice />
      </>
    );
  }
  if (state.phase === 'out') return <SignIn why={state.why} isBusy={state.isBusy} />;
  return (
    <main class="plain">
      {state.phase === 'failed' ? (
        <>
          <p role="alert">{t(state.why)}</p>
          <button type="button" class="button primary" onClick={() => account.load()}>
            {t('tryAgain')}
          </button>
        </>
      ) : (
        <p role="status">{t('loading')}</p>
      )}
    </main>
  );
}
