import { useStore } from '@nanostores/preact';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { PlainKey } from '../i18n/catalogue.ts';
import { useInbox, useText } from './context.ts';
import { Icon } from './Icon.tsx';
import { LanguageSwitch } from './LanguageSwitch.tsx';

const field = (form: FormData, name: string) => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};

export function SignIn({ why, isBusy }: { why: PlainKey | null; isBusy: boolean }) {
  const { account, preferences } = useInbox();
  const { t } = useText();
  const emailRef = useRef<HTMLInputElement>(null);
  const locale = useStore(preferences.$translator).locale;
  useEffect(() => emailRef.current?.focus(), []);

  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    void account.signIn(field(form, 'email'), field(form, 'password'));
  };

  return (
    <main class="sign-in" lang={locale}>
      <form class="card" onSubmit={submit} noValidate>
        <span class="mark">
          <Icon name="inbox" />
        </span>
        <h1>{t('signInTitle')}</h1>
        <p class="error" role="alert" id="sign-in-error">
          {why && t(why)}
        </p>
        <label>
          {t('email')}
          <input
            ref={emailRef}
            type="email"
            name="email"
            dir="ltr"
            autocomplete="username"
            aria-describedby="sign-in-error"
            required
          />
        </label>
        <label>
          {t('password')}
          <input
            type="password"
            name="password"
            dir="ltr"
            autocomplete="current-password"
            aria-describedby="sign-in-error"
            required
          />
        </label>
        <button type="submit" class="button primary wide" aria-disabled={isBusy}>
          {t(isBusy ? 'signingIn' : 'signIn')}
        </button>
      </form>
      <LanguageSwitch />
    </main>
  );
}
