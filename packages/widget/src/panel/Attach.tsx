import { Icon } from './Icon.tsx';
import { feature, Later } from './Later.tsx';
import { type Ui, type UiProps, useStore } from './ui.tsx';

const tray = feature(() => import('../features/files/Tray.tsx'));

/** Has the files of a paste or a drop attached to the next message. Text is left to the browser. */
export const takeFiles = ({ $given }: Ui, event: Event, data: DataTransfer | null): void => {
  if (!data?.files.length) return;
  event.preventDefault();
  $given.set([...($given.get() ?? []), ...data.files]);
};

/** Files are held over the panel: it says what it takes. Without this the browser would leave the page for them. */
export const offerPlace = ({ $given }: Ui, event: DragEvent): void => {
  if (!event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  if (!$given.get()) $given.set([]);
};

/** What goes with the next message, and the button that opens it. */
export const Attach = ({ ui }: UiProps) => {
  const { i18n, $given, $ready } = ui;
  const given = useStore($given);
  return (
    <>
      {given && <Later of={tray} props={{ ui }} />}
      <button
        type="button"
        class="bare attach"
        aria-label={i18n.text('attach')}
        aria-expanded={!!given}
        onPointerEnter={() => tray.fetch(ui).catch(() => {})}
        // What is being attached is not dropped by a press.
        onClick={() => $given.set(given && $ready.get()?.length === 0 ? null : (given ?? []))}
      >
        <Icon name="attach" />
      </button>
    </>
  );
};
