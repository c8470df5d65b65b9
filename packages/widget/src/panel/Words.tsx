import { feature, Later } from './Later.tsx';
import type { Ui } from './ui.tsx';

const rich = feature(() => import('../features/rich-text/RichText.tsx'));

/** What a message is drawn from. */
export interface WordsProps {
  ui: Ui;
  text: string;
}

/** What someone wrote: its lines as they are, until marks, addresses and finer directions can be drawn. */
export const Words = (props: WordsProps) => {
  const lines = props.text.split('\n').map((line, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line has nothing else that tells it from another
    <p key={at} dir="auto">
      {line}
    </p>
  ));
  return <Later of={rich} props={props} quiet={lines} />;
};
