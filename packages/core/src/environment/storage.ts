/** Where a client keeps its key, its session and what is not yet sent. Values are structured-cloneable; keys are ASCII. */
export interface ClientStorage {
  get(key: string): Promise<unknown>;
  /** Every value whose key begins with `prefix`, in the order of the keys. */
  list(prefix: string): Promise<unknown[]>;
  /** Writes unless there is a value already; gives what is there then. */
  add(key: string, value: unknown): Promise<unknown>;
  set(key: string, value: unknown): Promise<unknown>;
  delete(key: string): Promise<unknown>;
  /** False where what was written there lasts only as long as the page. @default always true */
  isKept?(key: string): boolean;
  /** Lets go of what it holds open, once what was asked of it is done; being used again opens it again. */
  close?(): void;
}

/** Keeps values for as long as the program runs. */
export const createMemoryStorage = (): ClientStorage => {
  const values = new Map<string, unknown>();
  return {
    get: async (key) => values.get(key),
    list: async (prefix) =>
      [...values.keys()]
        .filter((key) => key.startsWith(prefix))
        .sort()
        .map((key) => values.get(key)),
    add: async (key, value) => {
      if (!values.has(key)) values.set(key, value);
      return values.get(key);
    },
    set: async (key, value) => values.set(key, value),
    delete: async (key) => values.delete(key),
  };
};
