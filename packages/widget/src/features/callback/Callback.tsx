import { requestCallback } from '@continuo/core';
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { type Ui, type UiProps, useStore } from '../../panel/ui.tsx';
import { openNow } from '../service/open-now.ts';
import { dayOf } from '../service/when.ts';
import css from './callback.css';
import { phoneOf } from './phone.ts';
import { slotsOf } from './slots.ts';

export { css };

/** A number that is nobody's; from left to right in every language. */
const EXAMPLE = '\u2066+49 30 123456\u2069';

/** What was typed stays while the page is closed and opened again; in memory only. */
const typed = { phone: '', note: '' };

/** Times by day, for a list of choices. */
const byDay = (ui: Ui, slots: readonly number[], now: number): [day: string, slots: number[]][] => {
  const days = new Map<string, number[]>();
  for (const at of slots) {
    const day = dayOf(ui, at, now);
    days.set(day, [...(days.get(day) ?? []), at]);
  }
  return [...days];
};

const whyNot = ({ say }: Ui, cause: unknown): VNode => {
  const code = cause instanceof Error && 'code' in cause ? cause.code : '';
  return say(code === 'conflict' ? 'callbackTaken' : 'broken');
};

const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

const useForm = (ui: Ui) => {
  const { client, say, pages } = ui;
  const [problem, setProblem] = useState<VNode | null>(null);
  const [busy, setBusy] = useState(false);
  // Pressed again after a lost answer, it is the same call.
  const [callbackId] = useState(newId);
  const field = useRef<HTMLInputElement>(null);
  const send = async (form: HTMLFormElement) => {
    const phone = phoneOf(typed.phone);
    if (!phone) {
      setProblem(say('phoneBad', { example: EXAMPLE }));
      field.current?.focus();
      return;
    }
    setBusy(true);
    setProblem(null);
    const at = Number(new FormData(form).get('at')) || null;
    const note = typed.note.trim();
    try {
      await requestCallback(client, { callbackId, phone, at, ...(note && { note }) });
      Object.assign(typed, { phone: '', note: '' });
      pages.close();
    } catch (cause) {
      setProblem(whyNot(ui, cause));
    }
    setBusy(false);
  };
  return { problem, busy, field, send };
};

interface FieldProps {
  ui: Ui;
  form: ReturnType<typeof useForm>;
}

const Phone = ({ ui: { say }, form: { field, problem } }: FieldProps) => (
  <label>
    {say('phone')}
    <input
      ref={field}
      class="field"
      name="phone"
      type="tel"
      inputMode="tel"
      autocomplete="tel"
      dir="ltr"
      aria-invalid={problem !== null && !phoneOf(typed.phone)}
      aria-describedby="call-problem"
      defaultValue={typed.phone}
      onInput={(event) => {
        typed.phone = event.currentTarget.value;
      }}
    />
  </label>
);

const When = ({ ui }: UiProps) => {
  const { client, i18n, say } = ui;
  const hours = useStore(client.$channel)?.hours;
  const [now] = useState(Date.now);
  const isOpen = !hours || openNow(hours, now).open;
  return (
    <label>
      {say('callbackWhen')}
      <select class="field" name="at">
        <option value="">{i18n.text(isOpen ? 'asap' : 'asapClosed')}</option>
        {byDay(ui, slotsOf(hours, now), now).map(([day, slots]) => (
          <optgroup key={day} label={day}>
            {slots.map((at) => (
              <option key={at} value={at}>
                {day}, {i18n.time(at)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
};

/** To be called instead of waiting: on which number, when, and what about. */
const Callback = ({ ui }: UiProps) => {
  const { say } = ui;
  const form = useForm(ui);
  return (
    <form
      class="form call"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!form.busy) void form.send(event.currentTarget);
      }}
    >
      <p>{say('callbackWhy')}</p>
      <Phone ui={ui} form={form} />
      <When ui={ui} />
      <label>
        {say('callbackNote')}
        <textarea
          class="field"
          rows={2}
          maxLength={500}
          dir="auto"
          defaultValue={typed.note}
          onInput={(event) => {
            typed.note = event.currentTarget.value;
          }}
        />
      </label>
      <p id="call-problem" class="over" role="alert">
        {form.problem}
      </p>
      <button type="submit" class="big" aria-disabled={form.busy}>
        {say('callbackSend')}
      </button>
    </form>
  );
};

export default Callback;
