declare module '*.css' {
  /** The file's text. */
  const css: string;
  export default css;
}

interface Navigator {
  /** Network Information API; not in every browser. */
  readonly connection?: { readonly saveData?: boolean };
}

interface Document {
  /** Speculation Rules; not in every browser. */
  readonly prerendering?: boolean;
}
