/**
 * Deletes all that clients of every channel kept in this browser. What is open of it is closed; to keep it from being
 * written anew, forbid that first (`BrowserStorage.allow`). Resolves when it is gone, or cannot be reached.
 *
 * @param factory - @default the browser's own
 */
export const deleteBrowserStorage = async (factory?: IDBFactory): Promise<void> => {
  try {
    const request = (factory ?? indexedDB).deleteDatabase('continuo');
    await new Promise((resolve) => {
      request.onsuccess = request.onerror = request.onblocked = resolve;
    });
  } catch {
    // What is forbidden holds nothing.
  }
};
