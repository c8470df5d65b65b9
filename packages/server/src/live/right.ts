/** A reader's right to what it reads, watched until it is released. */
export interface Right {
  /** True once it has ended. */
  readonly ended: boolean;
  /** Calls back when it ends; at once where it has. There is one who is called: the last who asked. */
  onEnd(then: () => void): void;
  /** Stops watching. May be called twice. */
  release(): void;
}
