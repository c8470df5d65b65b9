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

declare module '*.ts?first' {
  export const first: import('./i18n/catalogue.ts').FirstWords;
}

declare module '*.ts?more' {
  export const more: import('./i18n/catalogue.ts').MoreWords;
}
