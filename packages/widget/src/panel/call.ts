import type { Notice } from '../features/notice/notice.ts';
import type { State } from './create-state.ts';

/** Has people called who look elsewhere. What does that is loaded when there is something to tell first. Returns how to stop. */
export const callAttention = (state: State): (() => void) => {
  let notice: Promise<Notice | undefined> | undefined;
  let isOver = false;
  const use = async (tell: (notice: Notice) => unknown) => {
    notice ??= import('../features/notice/notice.ts').then(
      ({ createNotice }) => (isOver ? undefined : createNotice(state)),
      () => undefined,
    );
    const there = await notice;
    if (there && !isOver) tell(there);
  };
  const stops = [
    state.client.on('message', ({ event }) => use((there) => there.heard(event))),
    state.client.on('event', ({ event }) => use((there) => there.tell(event))),
    state.client.$unread.listen((count) => (count || notice) && use((there) => there.count())),
  ];
  return () => {
    isOver = true;
    for (const stop of stops) stop();
    void notice?.then((there) => there?.stop());
  };
};
