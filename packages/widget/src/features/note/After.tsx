import type { UiProps } from '../../panel/ui.tsx';
import type { NoteEvent } from '../../view/rows.ts';
import ElsewhereNote from '../elsewhere/ElsewhereNote.tsx';
import ErasureNote from '../my-data/ErasureNote.tsx';
import Rating, { css } from '../rating/Rating.tsx';

export { css };

/** What belongs to a quiet line and asks something: how it went, whether the data is to be kept, and whether to end it elsewhere. */
const After = ({ ui, event }: UiProps & { event: NoteEvent }) => {
  switch (event.type) {
    case 'case.resolved':
      return <Rating ui={ui} event={event} />;
    case 'erasure.requested':
    case 'erasure.cancelled':
      return <ErasureNote ui={ui} event={event} />;
    case 'handoff':
      return <ElsewhereNote ui={ui} event={event} />;
    default:
      return null;
  }
};

export default After;
