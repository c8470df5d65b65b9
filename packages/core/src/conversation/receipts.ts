import type { Receipts } from '@continuo/protocol';

/** Receipts go out at most once in this time. */
const EVERY_MS = 1000;

/** Tells the server how far this side has got: the largest numbers only, at most once a second. An error is made up for by the next. */
export const createReceipts = (send: (receipts: Receipts) => Promise<void>) => {
  let wanted: Required<Receipts> = { received: 0, read: 0 };
  let told = wanted;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = () => {
    timer = undefined;
    const { received, read } = wanted;
    if (received <= told.received && read <= told.read) return;
    const before = told;
    told = wanted;
    timer = setTimeout(flush, EVERY_MS);
    send({ ...(received && { received }), ...(read && { read }) }).catch(() => {
      told = before;
    });
  };

  return {
    advance: ({ received = 0, read = 0 }: Receipts): void => {
      wanted = { received: Math.max(wanted.received, received), read: Math.max(wanted.read, read) };
      if (!timer) flush();
    },
    /** What waits is told now. */
    flush: (): void => {
      clearTimeout(timer);
      flush();
    },
    reset: (): void => {
      clearTimeout(timer);
      timer = undefined;
      wanted = told = { received: 0, read: 0 };
    },
  };
};

export type ReceiptsSender = ReturnType<typeof createReceipts>;
