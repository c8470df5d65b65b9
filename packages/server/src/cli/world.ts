/** What the command line touches outside itself. */
export interface World {
  env: Readonly<Record<string, string | undefined>>;
  /** Everything on standard input. */
  readInput(): Promise<string>;
  print(line: string): void;
  printError(line: string): void;
}
