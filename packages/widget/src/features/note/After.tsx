import type { UiProps } from '../../panel/ui.tsx';
import type { NoteEvent } from '../../view/rows.ts';
import ErasureNote from '../my-data/ErasureNote.tsx';
import Rating, { css } from '../rating/Rating.tsx';

export { css };

/** What belongs to a quiet line and asks something: how it went, and whether the data is to be kept. */
const After = ({ ui, event }: UiProps & { event: NoteEvent }) => {
  switch (event.type) {
    case 'case.resolved':
      return <Rating ui={ui} event={event} />;
    case 'erasure.requested':
    case 'erasure.cancelled':
      return <ErasureNote ui={ui} event={event} />;
    default:
      return null;
  }
};

export default After;
