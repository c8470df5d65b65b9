import { loadCatalogue } from '../i18n/load.ts';
import { createI18n } from '../i18n/translate.ts';
import { remember } from '../shell/memory.ts';
import type { PanelHandle } from '../shell/types.ts';
import type { State } from './create-state.ts';
import { forgetDevice } from './forget-device.ts';
import { identifyUser } from './identify-user.ts';

/** What the shell can ask of the panel. */
export const createHandle = (state: State): Omit<PanelHandle, 'destroy'> => {
  const { shell, covers, pages, $open, $i18n } = state;
  const { channel } = shell.options;
  const handle = {
    open(focus: boolean) {
      if ($open.get() !== 'closed') return;
      $open.set(focus ? 'focused' : 'open');
      // A panel that covers the page does not come back by itself on the next one.
      remember(channel, false, covers.matches ? '' : '1');
      shell.emit('open', undefined);
    },
    close() {
      if ($open.get() === 'closed' || 'hosted' in shell.options) return;
      $open.set('closed');
      pages.close();
      remember(channel, false, '');
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
    identify: () => identifyUser(state),
    logout() {
      state.$token.set(null);
      state.$handoff.set(null);
      pages.close();
      return forgetDevice(state);
    },
  };
  return handle;
};
