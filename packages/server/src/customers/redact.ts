/** What people typed, whatever the type of the event. */
const WORDS: ReadonlySet<string> = new Set([
  'text',
  'comment',
  'caption',
  'transcript',
  'quote',
  'preview',
  'phone',
  'note',
  'value',
]);
/** What they sent along. */
const LISTS: ReadonlySet<string> = new Set(['attachments', 'files', 'reactions', 'edits']);

/** What says something only with words that are gone. */
const DROPPED: ReadonlySet<string> = new Set(['rich', 'answer']);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const redactEntry = ([key, value]: [string, unknown]): [string, unknown] => {
  if (WORDS.has(key) && typeof value === 'string') return [key, ''];
  if (LISTS.has(key) && Array.isArray(value)) return [key, []];
  return [key, redact(value)];
};

/**
 * A stored event without what a person said, sent and is called. It stays an event of its type at its place, so that the
 * log stays dense and every reader can read it.
 */
export const redact = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(redact);
  if (!isObject(value)) return value;
  const kept = Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !DROPPED.has(key))
      .map(redactEntry),
  );
  return kept.kind === 'customer' && 'name' in kept ? { ...kept, name: null } : kept;
};
