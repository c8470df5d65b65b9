import { mailTranscript, readAllEvents } from '@continuo/core/afterwards';
import { useState } from 'preact/hooks';
import { type UiProps, useStore } from '../../panel/ui.tsx';
import css from '../form.css';
import { useAct } from '../use-act.ts';
import { fileName, save } from './save.ts';
import { writeTranscript } from './write.ts';

const Mail = ({ ui }: UiProps) => {
  const { client, shell, i18n, say } = ui;
  const [email, setEmail] = useState('');
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { busy, problem, act } = useAct(ui);
  const send = () =>
    act(
      async () => {
        setSentTo(null);
        const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
        await mailTranscript(client, { email: email.trim(), locale: `${shell.localise()}`, timeZone });
        setSentTo(email.trim());
        ui.announcer.say(i18n.text('mailSent', { email: email.trim() }));
      },
      { conflict: 'mailEarly', rate_limited: 'mailOften', bad_request: 'mailWrong' },
    );
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label>
        {say('mailTo')}
        <input
          class="field"
          type="email"
          autocomplete="email"
          dir="ltr"
          maxLength={254}
          value={email}
          onInput={({ currentTarget }) => setEmail(currentTarget.value)}
        />
      </label>
      {problem && <p class="over">{say(problem)}</p>}
      {sentTo && !problem && <p>{say('mailSent', { email: sentTo })}</p>}
      <button type="submit" class="big" aria-disabled={busy}>
        {say('mailSend')}
      </button>
    </form>
  );
};

/** A copy of the conversation: as a file, and by e-mail where the brand's server can send one. */
const Transcript = ({ ui }: UiProps) => {
  const { client, shell, i18n, say } = ui;
  const channel = useStore(client.$channel);
  const { busy, problem, act } = useAct(ui);
  const download = () =>
    act(async () => {
      const events = await readAllEvents(client);
      const text = writeTranscript({ events, brand: channel?.workspace.name ?? i18n.text('support'), i18n });
      const file = new Blob([text], { type: 'text/plain;charset=utf-8' });
      save(shell.root, fileName('conversation', 'txt', Date.now()), file);
    });
  return (
    <>
      <div class="form">
        <p>{say('copyWhy')}</p>
        {problem && <p class="over">{say(problem)}</p>}
        <button type="button" class="big" aria-disabled={busy} onClick={download}>
          {say('download')}
        </button>
      </div>
      {channel?.transcriptByMail && <Mail ui={ui} />}
    </>
  );
};

export { css };
export default Transcript;
