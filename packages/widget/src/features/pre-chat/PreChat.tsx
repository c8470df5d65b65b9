import { answerForm } from '@continuo/core/afterwards';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Ui, type UiProps, useStore } from '../../panel/ui.tsx';
import type { Client, WebChannel } from '../../view/model.ts';
import form from '../form.css';
import { useAct } from '../use-act.ts';
import look from './pre-chat.css';

export const css = form + look;

type Field = NonNullable<WebChannel['preChat']>['fields'][number];
type BrandText = Field['label'];

/** What was typed stays while the panel is closed and opened again, and after a failure; in memory only. */
const kept = new WeakMap<Client, Map<string, string>>();

const typedIn = (client: Client): Map<string, string> => {
  const typed = kept.get(client) ?? new Map<string, string>();
  kept.set(client, typed);
  return typed;
};

/** Clients whose form is done with; as long as the page lives. */
const over = new WeakSet<Client>();

/** The brand's own text in the language that is spoken, or in the one that it has. */
export const textIn = (text: BrandText, language: string): string =>
  typeof text === 'string' ? text : (text[language] ?? text.en ?? Object.values(text)[0] ?? '');

const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

const COMPLETE = { text: undefined, email: 'email', tel: 'tel' } as const;

interface InputProps extends UiProps {
  field: Field;
}

const Input = ({ ui: { client, i18n }, field }: InputProps) => {
  const typed = typedIn(client);
  const { name, type, required, options = [] } = field;
  const note = (event: { currentTarget: { value: string } }) => typed.set(name, event.currentTarget.value);
  if (type === 'select')
    return (
      <select id={`pre-chat-${name}`} class="field" name={name} required={required} onChange={note}>
        <option value="" />
        {options.map((option) => {
          const text = textIn(option, i18n.language);
          return (
            <option key={text} selected={typed.get(name) === text}>
              {text}
            </option>
          );
        })}
      </select>
    );
  return (
    <input
      id={`pre-chat-${name}`}
      class="field"
      name={name}
      type={type}
      list={undefined}
      required={required}
      maxLength={500}
      autocomplete={COMPLETE[type]}
      dir={type === 'text' ? 'auto' : 'ltr'}
      defaultValue={typed.get(name)}
      onInput={note}
    />
  );
};

const usePreChat = (ui: Ui) => {
  const { client, shell, i18n } = ui;
  const fields = useStore(client.$channel)?.preChat?.fields ?? [];
  const typed = typedIn(client);
  const [isOver, setOver] = useState(over.has(client));
  // Sent again after a lost answer, it is the same.
  const [clientId] = useState(newId);
  const box = useRef<HTMLFormElement>(null);
  const { busy, problem, act } = useAct(ui);
  useEffect(() => {
    // The focus that was in the composer goes where one writes now.
    if (shell.root.activeElement?.matches('textarea'))
      box.current?.querySelector<HTMLElement>('.field')?.focus();
  }, [shell]);
  const end = () => {
    over.add(client);
    setOver(true);
    setTimeout(() => shell.root.querySelector<HTMLElement>('[part="field"]')?.focus());
  };
  const send = () =>
    act(async () => {
      const answers = fields.flatMap((field) => {
        const value = typed.get(field.name)?.trim();
        return value ? [{ name: field.name, label: textIn(field.label, i18n.language), value }] : [];
      });
      if (answers.length > 0) await answerForm(client, { clientId, form: 'pre-chat', answers });
      for (const field of fields) typed.delete(field.name);
      end();
    });
  return { fields: isOver ? [] : fields, box, busy, problem, send, end };
};

/** What the brand asks before the first message. It can be skipped unless something in it is required. */
const PreChat = ({ ui }: UiProps) => {
  const { i18n, say } = ui;
  const { fields, box, busy, problem, send, end } = usePreChat(ui);
  if (fields.length === 0) return null;
  return (
    <form
      ref={box}
      class="form pre-chat"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {fields.map((field) => {
        const label = textIn(field.label, i18n.language);
        return (
          <p key={field.name}>
            <label for={`pre-chat-${field.name}`}>
              <bdi>{label}</bdi>
              {field.required && <span aria-hidden="true"> *</span>}
            </label>
            <Input ui={ui} field={field} />
          </p>
        );
      })}
      {problem && <p class="over">{say(problem)}</p>}
      <button type="submit" class="big" aria-disabled={busy}>
        {say('send')}
      </button>
      {fields.every(({ required }) => !required) && (
        <button type="button" class="link" onClick={end}>
          {say('rateSkip')}
        </button>
      )}
    </form>
  );
};

export default PreChat;
