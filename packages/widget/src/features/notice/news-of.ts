import type { Frame } from '../../shell/frame.ts';
import type { ConversationEvent } from '../../view/model.ts';

type Emit = Frame['emit'];

/** Tells what an event is to the page, which counts: never a word of what people say. Null: nothing. */
export const newsOf = (event: ConversationEvent): ((emit: Emit) => void) | null => {
  switch (event.type) {
    case 'message':
      return event.author.kind === 'customer' && event.channel.kind === 'web'
        ? (emit) => emit('sent', undefined)
        : null;
    case 'handoff':
      // What leads here is told where it is asked: of it this log is history.
      return event.to === 'web' ? null : (emit) => emit('handoff', { step: event.step });
    case 'case.rated':
      return (emit) => emit('rated', { score: event.score });
    case 'callback.requested':
      return (emit) => emit('callback', { step: 'requested' });
    case 'callback.cancelled':
      return (emit) => emit('callback', { step: 'cancelled' });
    case 'callback.done':
      return (emit) => emit('callback', { step: 'done' });
    case 'customer.identified':
      return (emit) => emit('identified', undefined);
    default:
      return null;
  }
};
