import type { Attachment, Button, ThreadMessage } from '../types.ts';
import { LinkedText } from './LinkedText.tsx';
import type { Words } from './words.ts';

interface Props {
  message: ThreadMessage;
  words: Words;
  pageName: string;
  /** Says how far it got; on the customer's last message only. */
  showState: boolean;
  onPostback: (button: number) => void;
}

const time = (at: number, lang: string): string =>
  new Intl.DateTimeFormat(lang, { hour: 'numeric', minute: '2-digit' }).format(at);

/** One message of the thread. */
export const Bubble = ({ message, words, pageName, showState, onPostback }: Props) => {
  const mine = message.from === 'customer';
  return (
    <li class={mine ? 'row mine' : 'row'}>
      <article class="bubble" aria-label={`${mine ? words.you : pageName}, ${time(message.at, words.lang)}`}>
        {message.attachments.map((attachment) => (
          <Media key={attachment.url ?? attachment.type} attachment={attachment} words={words} />
        ))}
        {message.text !== '' && <LinkedText text={message.text} />}
        {message.buttons.length > 0 && (
          <div class="buttons">
            {message.buttons.map((button, index) => (
              <ButtonOf key={button.title} button={button} onPress={() => onPostback(index)} />
            ))}
          </div>
        )}
      </article>
      {message.reaction !== null && <span class="reaction">{message.reaction}</span>}
      {showState && (
        <span class={`state ${message.state}`}>
          <Ticks two={message.state !== 'sent'} />
          {words.states[message.state]}
        </span>
      )}
    </li>
  );
};

/** A URL button opens in this window, as Messenger's in-app browser takes its place. */
const ButtonOf = ({ button, onPress }: { button: Button; onPress: () => void }) =>
  button.type === 'web_url' ? (
    <a class="button" href={button.url} dir="auto">
      {button.title}
    </a>
  ) : (
    <button class="button" type="button" onClick={onPress} dir="auto">
      {button.title}
    </button>
  );

const Media = ({
  attachment: { type, url, title, coordinates },
  words,
}: {
  attachment: Attachment;
  words: Words;
}) => {
  if (type === 'image' && url !== null)
    return <img class="picture" src={url} alt={title ?? words.sentPicture} />;
  if (type === 'location') {
    const place = coordinates === null ? '' : `${coordinates.lat}, ${coordinates.long}`;
    return (
      <p>
        {title ?? words.location} <bdi>{place}</bdi>
      </p>
    );
  }
  return url === null ? <p>{title ?? words.file}</p> : <a href={url}>{title ?? words.file}</a>;
};

const Ticks = ({ two }: { two: boolean }) => (
  <svg viewBox="0 0 18 10" width="18" height="10" aria-hidden="true">
    <path d="M1 5.5 4.5 9 11 1.5" fill="none" stroke="currentColor" stroke-width="1.6" />
    {two && <path d="M8 8.5l.5.5L15.5 1.5" fill="none" stroke="currentColor" stroke-width="1.6" />}
  </svg>
);
