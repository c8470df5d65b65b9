import type { Ui } from '../../panel/ui.tsx';
import { focusField } from '../message-actions/said.ts';
import type { Asked, Option } from './asked.ts';

interface OptionsProps {
  ui: Ui;
  seq: number;
  options: readonly Option[];
  asked: Asked;
}

/** Answers to press. Once one was, it stays to be seen which. */
export const Options = ({ ui, seq, options, asked: { active, chosen } }: OptionsProps) => {
  const { client, i18n, say, announcer } = ui;
  const press = ({ id, label }: Option) => {
    if (!active) return;
    try {
      client.send(label, undefined, { answer: { message: seq, option: id } });
    } catch {
      announcer.say(i18n.text('broken'), 'urgent');
      return;
    }
    // A keyboard that slides up would hide what comes next.
    if (!matchMedia('(pointer: coarse)').matches) focusField(ui);
  };
  return (
    <div class="choices">
      {options.map((option) => (
        <button
          key={option.id}
          type="button"
          class="small option"
          aria-disabled={!active}
          data-chosen={option.id === chosen || undefined}
          onClick={() => press(option)}
        >
          {option.id === chosen && <span class="hidden">{say('you')}: </span>}
          <span dir="auto">{option.label}</span>
        </button>
      ))}
    </div>
  );
};
