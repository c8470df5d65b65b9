import { useEffect, useState } from 'preact/hooks';
import { type Ui, useStore } from '../../panel/ui.tsx';
import { openNow } from './open-now.ts';

/** The longest that a timer of a browser can wait (ms). */
const LONGEST = 2 ** 31 - 1;

/** Whether it is open now, and when that changes; drawn anew when it does. Null where there are no hours. */
export const useOpening = ({ client }: Ui) => {
  const hours = useStore(client.$channel)?.hours;
  const [now, setNow] = useState(Date.now);
  const opening = hours ? openNow(hours, now) : null;
  const changesAt = opening?.changesAt;
  useEffect(() => {
    if (!changesAt) return undefined;
    const timer = setTimeout(() => setNow(Date.now()), Math.min(changesAt - Date.now() + 1, LONGEST));
    return () => clearTimeout(timer);
  }, [changesAt]);
  return opening && { ...opening, now };
};
