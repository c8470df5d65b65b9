import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { focusedIn } from './focus.ts';

export interface MenuItem {
  key: string;
  content: ComponentChildren;
  /** One of a group of choices: whether it is the present one. Absent for a plain act. */
  isChosen?: boolean;
  onSelect(): void;
}

interface MenuProps {
  /** What the button shows. */
  button: ComponentChildren;
  /** Its accessible name, where what it shows is none. */
  label?: string;
  title: string;
  items: readonly MenuItem[];
  className?: string;
  /** Lets a shortcut find the button. */
  command?: string;
  isDisabled?: boolean;
  onOpen?(): void;
}

const STEPS: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => (at >= last ? 0 : at + 1),
  ArrowUp: (at, last) => (at <= 0 ? last : at - 1),
  Home: () => 0,
  End: (_, last) => last,
};

const itemsIn = (menu: HTMLElement | null) => [
  ...(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []),
];

/** Closes at a press outside. */
const useOutside = (isOpen: boolean, place: { current: HTMLElement | null }, close: () => void) => {
  useEffect(() => {
    if (!isOpen) return;
    const press = (event: Event) => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) close();
    };
    document.addEventListener('pointerdown', press);
    return () => document.removeEventListener('pointerdown', press);
  }, [isOpen, place, close]);
};

/** Moves among a menu's items with the arrows; Esc and Tab leave it. */
const keysOf =
  (menu: { current: HTMLElement | null }, leave: (toOpener: boolean) => void) => (event: KeyboardEvent) => {
    if (event.key === 'Tab') return leave(false);
    if (event.key === 'Escape') {
      event.preventDefault();
      return leave(true);
    }
    const all = itemsIn(menu.current);
    const next = STEPS[event.key]?.(focusedIn(all), all.length - 1);
    if (next === undefined) return;
    event.preventDefault();
    all[next]?.focus();
  };

function Items({ items, leave }: { items: readonly MenuItem[]; leave(): void }) {
  return (
    <>
      {items.map((item) => (
        <button
          key={item.key}
          type="button"
          {...(item.isChosen === undefined
            ? { role: 'menuitem' }
            : { role: 'menuitemradio', 'aria-checked': item.isChosen })}
          tabIndex={-1}
          onClick={() => {
            leave();
            item.onSelect();
          }}
        >
          {item.content}
        </button>
      ))}
    </>
  );
}

/** A button that opens a menu (ARIA Authoring Practices, "Menu Button"). */
export function Menu({ button, label, title, items, className, command, isDisabled, onOpen }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = useRef(() => setOpen(false)).current;
  useOutside(isOpen, place, close);

  useEffect(() => {
    if (!isOpen) return;
    const all = itemsIn(menu.current);
    (all.find((item) => item.getAttribute('aria-checked') === 'true') ?? all[0])?.focus();
  }, [isOpen]);

  const toggle = () => {
    if (!isOpen) onOpen?.();
    setOpen(!isOpen);
  };
  const leave = (toOpener: boolean) => {
    setOpen(false);
    if (toOpener) opener.current?.focus();
  };

  return (
    <div class="menu-place" ref={place}>
      <button
        ref={opener}
        type="button"
        class={className ?? 'button'}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        data-command={command}
        disabled={isDisabled}
        onClick={toggle}
      >
        {button}
      </button>
      {isOpen && (
        <div
          id={id}
          ref={menu}
          class="menu"
          role="menu"
          aria-label={title}
          tabIndex={-1}
          onKeyDown={keysOf(menu, leave)}
        >
          <Items items={items} leave={() => leave(true)} />
        </div>
      )}
    </div>
  );
}
