import { rateCase } from '@continuo/core/afterwards';
import { useId, useState } from 'preact/hooks';
import { type Ui, type UiProps, useStore } from '../../panel/ui.tsx';
import type { ConversationEvent } from '../../view/model.ts';
import { useAct } from '../use-act.ts';
import css from './rating.css';
import { SCORES } from './scores.ts';

export { css };

/** How long a case can be rated after it was resolved. */
const OPEN_MS = 7 * 86_400_000;
/** The longest comment, as the protocol's LIMITS.commentLength. */
const MAX_LENGTH = 1000;

/** Cases that the person does not want to rate; as long as the page lives. */
const skipped = new Set<string>();

interface RatingProps extends UiProps {
  event: Extract<ConversationEvent, { type: 'case.resolved' }>;
}

const Choices = ({ ui, score, onChoose }: UiProps & { score: number; onChoose(score: number): void }) => {
  const id = useId();
  return (
    <fieldset>
      <legend>{ui.say('rateAsk')}</legend>
      {SCORES.map((key, index) => (
        <label key={key} class="score">
          <input type="radio" name={id} checked={score === index + 1} onChange={() => onChoose(index + 1)} />
          {ui.say(key)}
        </label>
      ))}
    </fieldset>
  );
};

const Form = ({
  ui,
  number,
  onSent,
  onSkip,
}: UiProps & { number: number; onSent: () => void; onSkip: () => void }) => {
  const { client, i18n, say } = ui;
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState('');
  const { busy, problem, act } = useAct(ui);
  const send = () =>
    act(async () => {
      if (score === 0) return;
      await rateCase(client, { case: number, score, ...(comment.trim() && { comment }) });
      ui.announcer.say(i18n.text('rateThanks', { score: i18n.text(SCORES[score - 1] ?? 'rate3') }));
      onSent();
    });
  return (
    <>
      <Choices ui={ui} score={score} onChoose={setScore} />
      {score > 0 && (
        <label>
          <span class="field-label">{say('rateComment')}</span>
          <textarea
            class="field"
            rows={2}
            dir="auto"
            maxLength={MAX_LENGTH}
            value={comment}
            onInput={({ currentTarget }) => setComment(currentTarget.value)}
          />
        </label>
      )}
      {problem && <p class="over">{say(problem)}</p>}
      <div class="choices">
        {score > 0 && (
          <button type="button" class="small" aria-disabled={busy} onClick={send}>
            {say('rateSend')}
          </button>
        )}
        <button type="button" class="small" onClick={onSkip}>
          {say('rateSkip')}
        </button>
      </div>
    </>
  );
};

/** The newest rating of a case, and whether another case was opened since. */
const useRating = ({ client }: Ui, number: number) => {
  const items = useStore(client.$messages);
  let score: number | null = null;
  let isOver = false;
  for (const item of items) {
    if (item.seq === null) continue;
    const { event } = item;
    if (event.type === 'case.rated' && event.case === number) score = event.score;
    if (event.type === 'case.opened' && event.case > number) isOver = true;
  }
  return { score, isOver };
};

/** "How did we do?", below the end of the last case; what was answered, after. */
const Rating = ({ ui, event }: RatingProps) => {
  const { client, i18n, say } = ui;
  const number = event.case;
  const key = `${client.$conversation.get()?.id} ${number}`;
  const { score, isOver } = useRating(ui, number);
  const [isOpen, setOpen] = useState(() => score === null && !skipped.has(key));
  const isLate = event.at + OPEN_MS < Date.now();
  if (isLate || isOver) return null;
  const close = () => setOpen(false);
  const skip = () => {
    skipped.add(key);
    close();
  };
  if (isOpen)
    return (
      <div class="card">
        <Form ui={ui} number={number} onSent={close} onSkip={skip} />
      </div>
    );
  if (score === null) return null;
  return (
    <p class="note-line">
      {say('rateThanks', { score: i18n.text(SCORES[score - 1] ?? 'rate3') })}{' '}
      <button type="button" class="link" onClick={() => setOpen(true)}>
        {say('rateChange')}
      </button>
    </p>
  );
};

export default Rating;
