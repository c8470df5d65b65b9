/** Until when (epoch ms) someone types in each conversation. */
export type TypingState = Readonly<Record<string, number>>;

/** Seconds after which a typing signal that was not repeated is over (protocol, `LIMITS.typingSeconds`). */
const TYPING_MS = 6000;

export const noteTyping = (
  state: TypingState,
  { conversationId, on, now }: { conversationId: string; on: boolean; now: number },
): TypingState => {
  const { [conversationId]: _, ...others } = state;
  return on ? { ...others, [conversationId]: now + TYPING_MS } : others;
};

/** Drops what is over. The same object when nothing is. */
export const forgetTyping = (state: TypingState, now: number): TypingState => {
  const live = Object.entries(state).filter(([, until]) => until > now);
  return live.length === Object.keys(state).length ? state : Object.fromEntries(live);
};
