import { loadCatalogue } from '../i18n/load.ts';
import { createI18n } from '../i18n/translate.ts';
import { forgetHints, mayKeep, remember } from '../shell/memory.ts';
import type { PanelHandle } from '../shell/types.ts';
import type { State } from './create-state.ts';
import { forgetDevice } from './forget-device.ts';

/** What the shell can ask of the panel. */
export const createHandle = (state: State): Omit<PanelHandle, 'destroy'> => {
  const { shell, client, covers, pages, $open, $i18n } = state;
  const { options } = shell;
  const handle = {
    open(focus: boolean) {
      if ($open.get() !== 'closed') return;
      $open.set(focus ? 'focused' : 'open');
      // A panel that covers the page does not come back by itself on the next one.
      remember(options, { lasting: false, value: covers.matches ? '' : '1' });
      shell.emit('open', undefined);
    },
    close() {
      if ($open.get() === 'closed' || 'hosted' in options) return;
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
      const isKept = mayKeep(options);
      if (!isKept) forgetHints(options);
      await state.storage.allow(isKept);
      if (!isKept) return;
      remember(options, { lasting: false, value: handle.isOpen() && !covers.matches ? '1' : '' });
      // Of an earlier page there may be a conversation to take up.
      await client.open().catch(() => {});
      if (client.$session.get() === 'open') remember(options, { lasting: true, value: '1' });
    },
    logout: () => forgetDevice(state),
  };
  return handle;
};
