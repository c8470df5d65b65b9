import { loadCatalogue } from '../i18n/load.ts';
import { createI18n } from '../i18n/translate.ts';
import { remember } from '../shell/memory.ts';
import type { PanelHandle } from '../shell/types.ts';
import type { State } from './create-state.ts';
import { identifyUser } from './identify-user.ts';

/** What the shell can ask of the panel. */
export const createHandle = (state: State): Omit<PanelHandle, 'destroy'> => {
  const { shell, covers, pages, $open, $i18n } = state;
  const { options } = shell;
  const handle = {
    open(focus: boolean) {
      if ($open.get() !== 'closed') return;
      $open.set(focus ? 'focused' : 'open');
      // A panel that covers the page does not come back by itself on the next one.
      remember(options, { lasting: false, value: covers.matches || options.mode ? '' : '1' });
      shell.emit('open', undefined);
    },
    close() {
      if ($open.get() === 'closed' || options.mode) return;
      $open.set('closed');
      pages.close();
      remember(options, { lasting: false, value: '' });
      if (shell.root.activeElement || document.activeElement === document.body) shell.button.focus();
      shell.emit('close', undefined);
    },
    isOpen: () => $open.get() !== 'closed',
    handoff(token: string) {
      state.$token.set(token);
      state.$handoff.set({ token });
      handle.open(true);
    },
    async localise() {
      const locale = shell.localise();
      const catalogue = await loadCatalogue(locale);
      // Another language may have been asked for meanwhile.
      if (shell.host.lang === `${locale}`) $i18n.set(createI18n(catalogue, locale, navigator.languages));
    },
    async consent() {
      const { applyConsent } = await import('../features/consent/consent.ts');
      await applyConsent(state);
    },
    identify: () => identifyUser(state),
    async logout() {
      state.$token.set(null);
      state.$handoff.set(null);
      pages.close();
      const { forgetDevice } = await import('./forget-device.ts');
      await forgetDevice(state);
    },
  };
  return handle;
};
