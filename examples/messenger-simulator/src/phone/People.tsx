import { useState } from 'preact/hooks';
import type { Customer } from '../types.ts';
import { wordsFor } from './words.ts';

interface Props {
  customers: readonly Customer[];
  chosen: string | null;
  onChoose: (psid: string) => void;
  onCreate: (person: { firstName: string; lastName: string; locale: string }) => Promise<void>;
}

const LANGUAGES = [
  ['en_US', 'English'],
  ['ar_AR', 'العربية'],
  ['fa_IR', 'فارسی'],
  ['hi_IN', 'हिन्दी'],
] as const;

/** Whose phone it is: the people at hand, and a form for another. */
export const People = ({ customers, chosen, onChoose, onCreate }: Props) => {
  const [adding, setAdding] = useState(false);
  return (
    <nav class="people" aria-label="Whose phone">
      <ul>
        {customers.map((customer) => (
          <li key={customer.psid}>
            <button
              type="button"
              class="person"
              aria-current={customer.psid === chosen ? 'true' : undefined}
              onClick={() => onChoose(customer.psid)}
            >
              <img
                src={customer.pictureUrl ?? `pictures/${customer.psid}.svg`}
                alt=""
                width="40"
                height="40"
              />
              <bdi lang={wordsFor(customer.locale).lang}>{`${customer.firstName} ${customer.lastName}`}</bdi>
            </button>
          </li>
        ))}
      </ul>
      {adding ? (
        <NewPerson
          onCreate={async (person) => {
            await onCreate(person);
            setAdding(false);
          }}
        />
      ) : (
        <button type="button" class="add" onClick={() => setAdding(true)}>
          Another person
        </button>
      )}
    </nav>
  );
};

const text = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();

const NewPerson = ({ onCreate }: { onCreate: Props['onCreate'] }) => (
  <form
    class="new-person"
    onSubmit={(event) => {
      event.preventDefault();
      const form = new FormData(event.currentTarget);
      void onCreate({
        firstName: text(form, 'firstName'),
        lastName: text(form, 'lastName'),
        locale: text(form, 'locale'),
      });
    }}
  >
    <label>
      First name <input name="firstName" required maxLength={100} dir="auto" />
    </label>
    <label>
      Last name <input name="lastName" maxLength={100} dir="auto" />
    </label>
    <label>
      Language{' '}
      <select name="locale">
        {LANGUAGES.map(([locale, name]) => (
          <option key={locale} value={locale}>
            {name}
          </option>
        ))}
      </select>
    </label>
    <button type="submit">Create</button>
  </form>
);
