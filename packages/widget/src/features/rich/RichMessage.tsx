import { type Ui, useStore } from '../../panel/ui.tsx';
import type { MessageEvent } from '../../view/model.ts';
import formCss from '../form.css';
import { askedIn } from './asked.ts';
import { Cards } from './Cards.tsx';
import { Form } from './Form.tsx';
import { Options } from './Options.tsx';
import own from './rich.css';

export const css = formCss + own;

/** What a message shows below its text, to be answered by pressing or filling in. */
const RichMessage = ({ ui, event }: { ui: Ui; event: MessageEvent }) => {
  const asked = askedIn(useStore(ui.client.$messages), event.seq);
  const { rich, seq, deleted } = event;
  if (!rich || deleted) return null;
  const given = { ui, seq, asked };
  if (rich.kind === 'form') return <Form {...given} form={rich} />;
  if (rich.kind === 'cards') return <Cards {...given} cards={rich.cards} />;
  return <Options {...given} options={rich.options} />;
};

export default RichMessage;
