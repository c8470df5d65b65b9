import { continueElsewhere } from '@continuo/core/elsewhere';
import { useEffect, useState } from 'preact/hooks';
import { type Ui, useStore } from '../../panel/ui.tsx';
import { useAct } from '../use-act.ts';

type Link = Awaited<ReturnType<typeof continueElsewhere>>;

const MINUTE = 60_000;

/** A link to carry on elsewhere: made at once and at a press, and how it stands. */
export const useLink = (ui: Ui, to: Parameters<typeof continueElsewhere>[1]) => {
  const { client } = ui;
  const { problem, act } = useAct(ui);
  const [link, setLink] = useState<Link | null>(null);
  const [now, setNow] = useState(Date.now);
  const renew = () =>
    act(
      async () => {
        setLink(null);
        setLink(await continueElsewhere(client, to));
        setNow(Date.now());
      },
      { rate_limited: 'deviceOften' },
    );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens
  useEffect(() => void renew(), []);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const isUsed = useStore(client.$messages).some(
    (item) =>
      item.seq !== null &&
      item.event.type === 'handoff' &&
      item.event.step === 'redeemed' &&
      item.event.handoffId === link?.handoffId,
  );
  /** Whole minutes that are left; 0: it has run out. */
  const minutes = link ? Math.max(0, Math.ceil((link.expiresAt - now) / MINUTE)) : 0;
  return { link, minutes, isUsed, problem, renew };
};
