import type { ConversationEvent, Signal } from '@continuo/protocol';
import { createTimer } from '../environment/timer.ts';

/** Nobody notices that news are later by so little. */
const BURST_MS = 50;

export interface GatheringOptions {
  onEvents(events: ConversationEvent[]): void;
  onSignal(signal: Signal): void;
  /** Ends it: what waits then is not told. */
  signal: AbortSignal;
}

/**
 * Tells what comes on a stream. The first news are told at once; events and positions that follow within a moment are told
 * together, because each telling is drawn and passed on to other tabs. Other signals wait for nothing, and overtake nothing.
 */
export const createGathering = ({ onEvents, onSignal, signal }: GatheringOptions) => {
  const timer = createTimer();
  let events: ConversationEvent[] = [];
  /** The last ones stand for all: they only grow. */
  let positions: Signal | undefined;
  let isResting = false;

  /** Tells what waits, now. */
  const tell = (): void => {
    const [told, reached] = [events, positions];
    events = [];
    positions = undefined;
    isResting = !signal.aborted && (told.length > 0 || reached !== undefined);
    timer(isResting ? tell : undefined, BURST_MS);
    if (!isResting) return;
    if (told.length > 0) onEvents(told);
    if (reached) onSignal(reached);
  };
  return {
    tell,
    add: (more: readonly ConversationEvent[]): void => {
      events.push(...more);
      if (!isResting) tell();
    },
    hear: (heard: Signal): void => {
      if (heard.type === 'positions') positions = heard;
      if (heard.type !== 'positions' || !isResting) tell();
      if (heard.type !== 'positions') onSignal(heard);
    },
  };
};
