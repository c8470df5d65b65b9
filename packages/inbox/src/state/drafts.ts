/** What is written but not sent, by a key that names the agent and the conversation. */
export interface Drafts {
  read(key: string): string;
  /** An empty text forgets the draft. */
  write(key: string, text: string): void;
}

type KeyValues = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Keeps drafts in `storage` (the tab's own), and in memory as well, for where storage is forbidden or full. */
export const createDrafts = (storage: () => KeyValues): Drafts => {
  const memory = new Map<string, string>();
  const attempt = <T>(action: (storage: KeyValues) => T): T | null => {
    try {
      return action(storage());
    } catch {
      return null;
    }
  };
  const keyOf = (key: string) => `continuo.draft.${key}`;

  return {
    read: (key) => memory.get(key) ?? attempt((values) => values.getItem(keyOf(key))) ?? '',
    write(key, text) {
      memory.set(key, text);
      attempt((values) => (text ? values.setItem(keyOf(key), text) : values.removeItem(keyOf(key))));
    },
  };
};
