/** Keys that are no letters. */
export type KeyName = 'Tab' | 'Enter' | 'Escape' | 'ArrowUp';

/** A page in a browser, driven from outside as a person would: by pointer and keys. */
export interface Tab {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Runs a function in the page. What it takes and gives is JSON; it sees nothing of the test around it. */
  run<Result, Given extends (string | number)[]>(
    script: (...given: Given) => Result,
    ...given: Given
  ): Promise<Awaited<Result>>;
  /** Presses and lets go, in CSS pixels from the top left of the view. */
  clickAt(place: { x: number; y: number }): Promise<void>;
  press(key: KeyName): Promise<void>;
  type(text: string): Promise<void>;
  /** A PNG. */
  screenshot(): Promise<Uint8Array>;
  /** Takes the network away, where the browser's driver can. */
  setOffline: ((offline: boolean) => Promise<void>) | null;
  close(): Promise<void>;
}

/** A browser that was found on this machine. */
export interface TestBrowser {
  name: string;
  /** A tab of a profile of its own, as of another device. */
  device(): Promise<Tab>;
  close(): Promise<void>;
}

/** What a test says where its browser is missing: it fails, rather than being passed over. */
export const missing = (program: string, remedy: string): Error =>
  new Error(`${program} is needed and was not found. ${remedy} (CONTRIBUTING.md, “Other browsers”)`);
