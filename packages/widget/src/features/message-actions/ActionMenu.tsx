import { ContinuoError, deleteMessage } from '@continuo/core';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PlainKey } from '../../i18n/catalogue.ts';
import type { Ui } from '../../panel/ui.tsx';
import { isEditable, isOwn, startEdit, startReply } from './compose.ts';
import { focusField, menuOf, type OpenMenu } from './said.ts';

interface ActionMenuProps {
  ui: Ui;
  open: OpenMenu;
}

/** Pixels between the menu and the panel's edge. */
const GAP = 8;

/** Beside its button, within the panel. */
const place = (menu: HTMLElement, opener: HTMLElement, dir: 'ltr' | 'rtl') => {
  const around = menu.offsetParent?.getBoundingClientRect();
  if (!around) return;
  const beside = opener.getBoundingClientRect();
  const own = menu.getBoundingClientRect();
  const start = dir === 'rtl' ? around.right - beside.right : beside.left - around.left;
  const below = beside.bottom - around.top;
  const fits = below + own.height + GAP < around.height;
  const within = (at: number, most: number) => `${Math.max(GAP, Math.min(at, most - GAP))}px`;
  menu.style.insetInlineStart = within(start, around.width - own.width);
  menu.style.insetBlockStart = within(
    fits ? below : beside.top - around.top - own.height,
    around.height - own.height,
  );
};

/** The pressable lines of the menu. */
const linesOf = (menu: HTMLElement | null) => [...(menu?.querySelectorAll<HTMLElement>('button') ?? [])];

/** Arrows, Home and End go through the lines. */
const move = (menu: HTMLElement | null, { key, target }: KeyboardEvent): boolean => {
  const lines = linesOf(menu);
  const at = lines.findIndex((line) => Object.is(line, target));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[key];
  if (to === undefined) return false;
  lines.at(to % lines.length)?.focus();
  return true;
};

interface Act {
  name: PlainKey;
  run(): void;
}

/** What the customer may do with this message now. */
const actsOf = ({ ui, open: { row, event } }: ActionMenuProps, ask: () => void): Act[] => {
  const { announcer, i18n } = ui;
  const copy = () =>
    navigator.clipboard.writeText(row.text).then(
      () => announcer.say(i18n.text('copied')),
      () => announcer.say(i18n.text('broken'), 'urgent'),
    );
  const acts: (Act | false)[] = [
    { name: 'reply', run: () => startReply(ui, event.seq) },
    row.text !== '' && 'clipboard' in navigator && { name: 'copyText', run: copy },
    isEditable(ui, event) && { name: 'editText', run: () => startEdit(ui, event.seq, row.text) },
    isOwn(ui, event) && { name: 'discard', run: ask },
  ];
  return acts.filter((act) => act !== false);
};

/** Whether to delete it, asked in the menu's place. */
const Ask = ({ ui, open, leave }: ActionMenuProps & { leave(): void }) => {
  const { client, announcer, i18n, say } = ui;
  const [problem, setProblem] = useState<'tooLate' | 'broken' | null>(null);
  const remove = async () => {
    try {
      await deleteMessage(client, open.event.seq);
      menuOf(ui).set(null);
      // Its button goes with its words.
      focusField(ui);
      announcer.say(i18n.text('gone'));
    } catch (error) {
      const isLate = error instanceof ContinuoError && error.code === 'conflict';
      setProblem(isLate ? 'tooLate' : 'broken');
    }
  };
  return (
    <>
      <p id="ask">{say('deleteAsk')}</p>
      {problem && (
        <p class="over" role="alert">
          {say(problem)}
        </p>
      )}
      <button type="button" class="item" onClick={remove}>
        {say('discard')}
      </button>
      <button type="button" class="item" onClick={leave}>
        {say('deleteKeep')}
      </button>
    </>
  );
};

/** The menu of one message. Focus is in it while it is open, and goes back to its button. */
export const ActionMenu = ({ ui, open }: ActionMenuProps) => {
  const { shell, i18n, say } = ui;
  const { opener } = open;
  const menu = useRef<HTMLDivElement>(null);
  const [isAsking, setAsking] = useState(false);
  const close = () => menuOf(ui).set(null);
  const leave = () => {
    close();
    opener.focus({ preventScroll: true });
  };
  useLayoutEffect(() => {
    if (menu.current) place(menu.current, opener, i18n.dir);
    // Of the question, the answer that loses nothing.
    linesOf(menu.current)
      .at(isAsking ? -1 : 0)
      ?.focus({ preventScroll: true });
  }, [opener, i18n, isAsking]);
  useEffect(() => {
    const { root } = shell;
    root.addEventListener('scroll', leave, true);
    return () => root.removeEventListener('scroll', leave, true);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') leave();
    else if (!move(menu.current, event)) return;
    event.preventDefault();
  };
  /** Asked later: a line that goes takes its focus with it, and the next gets it in the same turn. */
  const onFocusOut = () =>
    setTimeout(() => {
      const { activeElement } = shell.root;
      if (menu.current && !menu.current.contains(activeElement) && activeElement !== opener) close();
    });
  const what = isAsking
    ? ({ role: 'alertdialog', 'aria-labelledby': 'ask' } as const)
    : ({ role: 'menu', 'aria-label': opener.getAttribute('aria-label') ?? '' } as const);
  return (
    <div class="acting" ref={menu} {...what} {...{ onKeyDown, onFocusOut }}>
      {isAsking ? (
        <Ask ui={ui} open={open} leave={leave} />
      ) : (
        actsOf({ ui, open }, () => setAsking(true)).map(({ name, run }) => (
          <button
            key={name}
            type="button"
            class="item"
            role="menuitem"
            tabIndex={-1}
            onClick={() => {
              if (name !== 'discard') leave();
              run();
            }}
          >
            {say(name)}
          </button>
        ))
      )}
    </div>
  );
};
