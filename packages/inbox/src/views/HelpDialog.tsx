import { useStore } from '@nanostores/preact';
import type { PlainKey } from '../i18n/catalogue.ts';
import { useInbox, useText } from './context.ts';
import { Dialog } from './Dialog.tsx';

const KEYS: [keys: string[], does: PlainKey][] = [
  [['J', 'K'], 'keyMove'],
  [['Enter'], 'keyOpen'],
  [['R'], 'keyReply'],
  [['E'], 'keyResolve'],
  [['A'], 'keyAssign'],
  [['?'], 'keyHelp'],
];
const ALWAYS: [keys: string[], does: PlainKey][] = [
  [['Esc'], 'keyClose'],
  [['Enter'], 'keySend'],
  [['Shift', 'Enter'], 'keyNewline'],
];

export function HelpDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { preferences } = useInbox();
  const isOn = useStore(preferences.$shortcuts);
  const { t } = useText();
  return (
    <Dialog title={t('keyboard')} isOpen={isOpen} onClose={onClose}>
      <dl class="keys">
        {[...KEYS, ...ALWAYS].map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key} dir="ltr">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{t(does)}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => preferences.setShortcuts(event.currentTarget.checked)}
        />
        {t('keyboardOn')}
      </label>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={onClose}>
          {t('close')}
        </button>
      </div>
    </Dialog>
  );
}
