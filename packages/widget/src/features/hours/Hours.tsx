import { type UiProps, useStore } from '../../panel/ui.tsx';
import css from './hours.css';

export { css };

const DAY = 86_400_000;

/** The seven days from today on, by the visitor's own clock. */
const daysFrom = (now: number): [from: number, until: number][] => {
  const date = new Date(now);
  const midnight = (ahead: number) =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate() + ahead).getTime();
  return Array.from({ length: 7 }, (_, ahead) => [midnight(ahead), midnight(ahead + 1)]);
};

/** When it is open in the next days, by the visitor's own clock. */
const Hours = ({ ui: { client, i18n, say, shell } }: UiProps) => {
  const week = useStore(client.$channel)?.hours?.week ?? [];
  const now = Date.now();
  const weekdays = new Intl.DateTimeFormat(shell.host.lang, { weekday: 'long' });
  const times = (from: number, until: number) =>
    week
      .filter(([opens, closes]) => opens < until && closes > from)
      .map(([opens, closes]) => [Math.max(opens, from), Math.min(closes, until)] as const);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (
    <div class="form">
      <table class="week">
        <tbody>
          {daysFrom(now).map(([from, until]) => (
            <tr key={from} aria-current={from <= now && now < from + DAY ? 'date' : undefined}>
              <th scope="row">{weekdays.format(from)}</th>
              <td>
                {times(from, until).map(([opens, closes]) => (
                  <bdi key={opens}>
                    {i18n.time(opens)} – {i18n.time(closes)}
                  </bdi>
                ))}
                {times(from, until).length === 0 && say('closedDay')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>{say('hoursZone', { zone: timeZone })}</p>
    </div>
  );
};

export default Hours;
