import type { ComponentChildren } from 'preact';
import type { TextKey, ValuesOf } from '../i18n/catalogue.ts';
import { useText } from './context.ts';

type TextProps<Key extends TextKey> = {
  of: Key;
  /** Decides the plural form. */
  count?: number;
} & (ValuesOf<Key, ComponentChildren> extends [infer Values] ? { values: Values } : { values?: undefined });

/** A text whose values are elements or names; each is isolated, so that its direction disturbs nothing around it. */
export function Text<Key extends TextKey>({ of, count, values }: TextProps<Key>) {
  const { pieces, number } = useText();
  const shown = (value: ComponentChildren) => (typeof value === 'number' ? number(value) : value);
  const named = new Map<string, ComponentChildren>(Object.entries(values ?? {}));
  return (
    <>
      {pieces(of, count).map((piece) =>
        typeof piece === 'string' ? piece : <bdi key={piece.value}>{shown(named.get(piece.value))}</bdi>,
      )}
    </>
  );
}
