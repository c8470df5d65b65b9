import { answerForm } from '@continuo/core/afterwards';
import { useRef, useState } from 'preact/hooks';
import type { PlainKey } from '../../i18n/catalogue.ts';
import type { Ui } from '../../panel/ui.tsx';
import { useAct } from '../use-act.ts';
import type { Asked, Field, FilledIn, Rich } from './asked.ts';
import { problemOf } from './fits.ts';
import { forgetTyped, typedIn } from './typed.ts';

type FormRich = Extract<Rich, { kind: 'form' }>;

interface FormProps {
  ui: Ui;
  seq: number;
  form: FormRich;
  asked: Asked;
}

const AUTOCOMPLETE: Partial<Record<Field['type'], string>> = { email: 'email', tel: 'tel' };
/** Written from the left in every language. */
const LTR: ReadonlySet<Field['type']> = new Set(['email', 'tel', 'number', 'date']);

interface Given {
  id: string;
  class: string;
  name: string;
  value: string;
  disabled: boolean;
  'aria-required': boolean;
  'aria-invalid': boolean;
  'aria-describedby': string;
  onInput(event: Event): void;
}

/** The native control of a field. */
const Control = ({ field, given }: { field: Field; given: Given }) => {
  const { type, options = [] } = field;
  const { value, ...common } = given;
  if (type === 'multiline')
    return <textarea {...common} rows={3} maxLength={500} dir="auto" defaultValue={value} />;
  if (type !== 'select') {
    const written = {
      ...common,
      autocomplete: AUTOCOMPLETE[type] ?? (field.name === 'name' ? 'name' : ''),
      maxLength: 500,
      dir: LTR.has(type) ? ('ltr' as const) : ('auto' as const),
      defaultValue: value,
    };
    if (type === 'email') return <input type="email" {...written} />;
    if (type === 'tel') return <input type="tel" {...written} />;
    if (type === 'date') return <input type="date" {...written} />;
    // A field of numbers forgets what is none, and turns with the wheel.
    return <input type="text" {...(type === 'number' && { inputMode: 'decimal' })} {...written} />;
  }
  return (
    <select {...common}>
      <option value="">–</option>
      {options.map((option) => (
        <option key={option} value={option} selected={option === value}>
          {option}
        </option>
      ))}
    </select>
  );
};

interface RowProps {
  ui: Ui;
  field: Field;
  /** Unique in the panel. */
  id: string;
  value: string;
  inert: boolean;
  problem: PlainKey | undefined;
  write(value: string): void;
}

const Row = ({ ui, field, id, value, inert, problem, write }: RowProps) => {
  const onInput = (event: Event) => {
    const { target } = event;
    if (target instanceof Object && 'value' in target) write(String(target.value));
  };
  const given = {
    id,
    class: 'field',
    name: field.name,
    value,
    disabled: inert,
    'aria-required': field.required,
    'aria-invalid': problem !== undefined,
    'aria-describedby': `${id}-problem`,
    onInput,
  };
  return (
    <div>
      <label for={id}>
        <bdi>{field.label}</bdi>
        {field.required && <span aria-hidden="true"> *</span>}
      </label>
      <Control field={field} given={given} />
      <p id={`${id}-problem`} class="over">
        {problem && ui.say(problem)}
      </p>
    </div>
  );
};

/** What was filled in. */
const Filled = ({ ui, answers }: { ui: Ui; answers: FilledIn }) => (
  <>
    <p class="soft">{ui.say('sent')}</p>
    <dl class="filled">
      {answers.map(({ name, label, value }) => (
        <div key={name}>
          <dt dir="auto">{label}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  </>
);

/** The problems of a form by field, and its sending. */
const useForm = ({ ui, seq, form: { fields } }: FormProps) => {
  const { client, i18n, announcer } = ui;
  const { clientId, values } = typedIn(client, seq);
  const { busy, problem, act } = useAct(ui);
  const [problems, setProblems] = useState<Partial<Record<string, PlainKey>>>({});
  const [sent, setSent] = useState<FilledIn | null>(null);
  const send = (form: HTMLFormElement, done: () => void) => {
    const found = fields.flatMap((field) => {
      const wrong = problemOf(field, (values[field.name] ?? '').trim());
      return wrong ? [[field, wrong] as const] : [];
    });
    setProblems(Object.fromEntries(found.map(([{ name }, wrong]) => [name, wrong])));
    const [first] = found;
    if (first) {
      const control = form.elements.namedItem(first[0].name);
      if (control instanceof HTMLElement) control.focus();
      announcer.say(`${first[0].label}: ${i18n.text(first[1])}`, 'urgent');
      return;
    }
    const answers = fields.flatMap(({ name, label }) => {
      const value = (values[name] ?? '').trim();
      return value ? [{ name, label, value }] : [];
    });
    void act(async () => {
      await answerForm(client, { clientId, form: 'message', message: seq, answers });
      forgetTyped(client, seq);
      setSent(answers);
      announcer.say(i18n.text('sent'));
      done();
    });
  };
  return { values, busy, problem, problems, sent, send };
};

/** Fields to fill in, once; then what was. */
export const Form = (props: FormProps) => {
  const { ui, seq, form, asked } = props;
  const { say } = ui;
  const { values, busy, problem, problems, sent, send } = useForm(props);
  const place = useRef<HTMLDivElement>(null);
  const answers = asked.filled ?? sent;
  const inert = !asked.active || busy;
  return (
    <div class="card" tabIndex={-1} ref={place}>
      {form.title && (
        <p class="thing-title" dir="auto">
          {form.title}
        </p>
      )}
      {answers ? (
        <Filled ui={ui} answers={answers} />
      ) : (
        <form
          class="form asked"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (!inert) send(event.currentTarget, () => place.current?.focus({ preventScroll: true }));
          }}
        >
          {form.fields.map((field) => (
            <Row
              key={field.name}
              ui={ui}
              field={field}
              id={`form-${seq}-${field.name}`}
              value={values[field.name] ?? ''}
              inert={!asked.active}
              problem={problems[field.name]}
              write={(value) => {
                values[field.name] = value;
              }}
            />
          ))}
          <p class="over">{problem && say(problem)}</p>
          <button type="submit" class="big" aria-disabled={inert}>
            {form.submit ? <span dir="auto">{form.submit}</span> : say('send')}
          </button>
        </form>
      )}
    </div>
  );
};
