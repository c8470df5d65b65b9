import { type UiProps, useStore } from '../../panel/ui.tsx';
import type { ConversationEvent } from '../../view/model.ts';
import { dueAt } from './due.ts';

interface NoteProps extends UiProps {
  event: Extract<ConversationEvent, { type: 'erasure.requested' | 'erasure.cancelled' }>;
}

/** Tells, on every device, that everything is going to be erased, and how to keep it. */
const ErasureNote = ({ ui, event }: NoteProps) => {
  const { client, i18n, say, pages } = ui;
  const due = dueAt(useStore(client.$messages), null);
  if (event.type === 'erasure.cancelled') return <p class="note-line">{say('eraseKept')}</p>;
  const date = `${i18n.day(event.dueAt, Date.now())} ${i18n.time(event.dueAt)}`;
  return (
    <div class="card">
      <p>{say('eraseDue', { date })}</p>
      {due === event.dueAt && (
        <div class="choices">
          <button type="button" class="small" onClick={() => pages.open('myData')}>
            {say('eraseKeep')}
          </button>
        </div>
      )}
    </div>
  );
};

export default ErasureNote;
