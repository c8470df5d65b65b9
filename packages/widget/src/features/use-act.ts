import { ContinuoError, type ContinuoErrorCode } from '@continuo/core';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PlainKey } from '../i18n/catalogue.ts';
import type { Ui } from '../panel/ui.tsx';

/** What a refusal is told with, by its code; everything else is `broken`. */
type Reasons = Partial<Record<ContinuoErrorCode, PlainKey>>;

/**
 * One act at a time of a page: whether it is under way, and why the last one came to nothing. That is told to screen readers
 * too.
 */
export const useAct = ({ i18n, announcer }: Ui) => {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<PlainKey | null>(null);
  const isGone = useRef(false);
  useEffect(
    () => () => {
      isGone.current = true;
    },
    [],
  );
  const act = async (run: () => Promise<void>, reasons: Reasons = {}): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await run();
    } catch (error) {
      const reason = (error instanceof ContinuoError && reasons[error.code]) || 'broken';
      announcer.say(i18n.text(reason), 'urgent');
      if (!isGone.current) setProblem(reason);
    }
    if (!isGone.current) setBusy(false);
  };
  return { busy, problem, act };
};
