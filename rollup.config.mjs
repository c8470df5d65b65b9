import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import commonjs from '@rollup/plugin-commonjs';
import nodeResolve from '@rollup/plugin-node-resolve';
import { transform } from 'esbuild';
import esbuild from 'rollup-plugin-esbuild';
import { minifySync } from 'vite';
import { singleFileComponents } from './examples/single-file-components.mjs';

/** A `.css` import is its minified text: styles go into constructable stylesheets. */
const cssText = () => ({
  name: 'css-text',
  async transform(code, id) {
    if (!id.endsWith('.css')) return null;
    const { code: css } = await transform(code, { loader: 'css', minify: true });
    return { code: `export default ${JSON.stringify(css.trim())};`, map: null };
  },
});

/** Empties a folder of built files before its first output, so that no stale chunk is served or measured. */
const emptied = new Set();
const clean = (folder) => ({
  name: 'clean',
  buildStart() {
    if (emptied.has(folder)) return;
    emptied.add(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});

/** Copies files; several for one target are joined, in their order. */
const copy = (pairs) => ({
  name: 'copy',
  buildStart() {
    for (const [from] of pairs) for (const file of [from].flat()) this.addWatchFile(file);
  },
  writeBundle() {
    for (const [from, to] of pairs) {
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, Buffer.concat([from].flat().map((file) => readFileSync(file))));
    }
  },
});

/** The inbox's look, by its parts. What adapts the others to a small window comes last. */
const INBOX_STYLES = [
  'base',
  'controls',
  'sign-in',
  'workplace',
  'list',
  'thread',
  'composer',
  'customer',
  'overlays',
  'adapting',
].map((name) => `packages/inbox/src/styles/${name}.css`);

/** Writes a `.br` beside every text file of a folder, which the server sends where it is accepted. */
const compress = (folder) => ({
  name: 'compress',
  writeBundle() {
    // In development a compressed file of an earlier build would be served instead.
    if (isWatching) return;
    for (const name of readdirSync(folder)) {
      if (!['.js', '.css', '.html'].includes(extname(name))) continue;
      writeFileSync(join(folder, `${name}.br`), brotliCompressSync(readFileSync(join(folder, name))));
    }
  },
});

/**
 * A language's words are in one file, and loaded in two parts: `ar.ts?first` and `ar.ts?more` are the file with the one of
 * its two exports.
 */
const localeParts = () => ({
  name: 'locale-parts',
  resolveId(source, importer) {
    return /\?(first|more)$/.test(source) ? join(dirname(importer), source) : null;
  },
  async load(id) {
    const [file, part] = id.split('?');
    if (part !== 'first' && part !== 'more') return null;
    this.addWatchFile(file);
    const { code } = await transform(readFileSync(file, 'utf8'), { loader: 'ts' });
    const left = part === 'first' ? 'more' : 'first';
    return {
      code: code.replace(`export const ${left}`, `const ${left}`),
      map: null,
      moduleSideEffects: false,
    };
  },
});

/** Oxc finds about 3 % that esbuild's minifier leaves. */
const squeeze = () => ({
  name: 'squeeze',
  renderChunk: (code, { fileName }, { format }) => ({
    code: minifySync(fileName, code, {
      module: format === 'es',
      compress: { target: 'es2022' },
      mangle: { toplevel: format === 'es' },
    }).code,
    map: null,
  }),
});

const plugins = ({ minify = true, conditions = [] } = {}) => [
  define({ 'process.env.NODE_ENV': '"production"' }),
  localeParts(),
  nodeResolve({ exportConditions: ['source', ...conditions], extensions: ['.ts', '.tsx', '.mjs', '.js'] }),
  cssText(),
  esbuild({
    target: 'es2022',
    minify,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfig: false,
    legalComments: 'none',
  }),
  minify && squeeze(),
];

const quiet = (warning, warn) => {
  if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
};

/** `npm run dev` */
const isWatching = process.env.ROLLUP_WATCH === 'true';

/** In development a page reloads, past its cache, when a bundle was written and when the server is back after a restart. */
const reload = `{
  const renew = async () => {
    const files = performance.getEntriesByType('resource').filter(({ name }) => /\\.(js|css)$/.test(name));
    await Promise.all(files.map(({ name }) => fetch(name, { cache: 'reload' })));
    location.reload();
  };
  let isBack = false;
  const news = new EventSource('/reload');
  news.onmessage = renew;
  news.onopen = () => {
    if (isBack) renew();
    isBack = true;
  };
}`;
const outro = isWatching ? reload : '';

/** In development a new panel must not need a new loader. */
const chunkName = ({ facadeModuleId }) =>
  `${facadeModuleId?.endsWith('?more') ? 'more-' : ''}[name]${isWatching ? '' : '-[hash]'}.js`;

const cdn = 'packages/widget/dist/cdn';

/** Puts the panel's hashed file name into the loader: `__PANEL_URL__`. */
const panelUrl = () => ({
  name: 'panel-url',
  transform(code, id) {
    if (!code.includes('__PANEL_URL__') || !id.includes('/widget/')) return null;
    const file = readdirSync(cdn).find((name) => /^panel.*\.js$/.test(name));
    if (!file) throw new Error(`No panel in ${cdn}: it is built before the loader`);
    return { code: code.replaceAll('__PANEL_URL__', `./${file}`), map: null };
  },
  resolveDynamicImport(specifier) {
    return typeof specifier === 'string' && specifier.startsWith('./panel')
      ? { id: specifier, external: true }
      : null;
  },
});

/** How an entry tells chunks what they share with it. */
const placeOf = (fileName) => `globalThis[Symbol.for(${JSON.stringify(fileName)})]`;

const AGAIN = `let __failures=0;const __again=load=>load(__failures?\`?\${__failures}\`:'').catch(e=>{__failures++;throw e});`;

/** The names that a rendered chunk exports, as `exported:local`. */
const exportedBy = (code) => {
  const [, list = ''] = /export\s*\{([^}]*)\};?\s*$/.exec(code) ?? [];
  return [...list.matchAll(/([\w$]+)(?:\s+as\s+([\w$]+))?/g)].map(([, name, as = name]) => `${as}:${name}`);
};

/**
 * What is loaded later must work although a browser remembers a module that once failed by its address. So each dynamic
 * import gets, after a failure, another query; and because that makes another module of the panel for whoever imports it
 * by its plain address, chunks take what they need of it from a place that the panel that runs has put it in.
 */
const laterChunks = () => ({
  name: 'later-chunks',
  renderDynamicImport: () => ({ left: '__again(q=>import(', right: '+q))' }),
  renderChunk(code, { fileName, isEntry }, ...[, { chunks }]) {
    if (isEntry) {
      return { code: `${AGAIN}\n${code}\n${placeOf(fileName)}={__again,${exportedBy(code)}};`, map: null };
    }
    const [panel] = Object.keys(chunks).filter((name) => chunks[name].isEntry);
    const taken = code.replace(/import\s*\{([^}]*)\}\s*from\s*['"]\.\/([^'"]+)['"];?/g, (all, names, from) =>
      from === panel ? `const {${names.replaceAll(' as ', ':')}}=${placeOf(panel)};` : all,
    );
    if (taken.includes(`'./${panel}'`)) this.error(`${fileName} imports the panel by its address`);
    const again = taken.includes('__again(') ? `const {__again}=${placeOf(panel)};` : '';
    return { code: again + taken, map: null };
  },
});

const widgetCdn = [
  {
    input: { panel: 'packages/widget/src/panel.tsx' },
    // Chunks take from the panel what they share with it.
    preserveEntrySignatures: 'allow-extension',
    output: {
      dir: cdn,
      format: 'es',
      entryFileNames: chunkName,
      chunkFileNames: chunkName,
      // What a chunk imports only for what another imports of it would be the panel by its address.
      hoistTransitiveImports: false,
    },
    plugins: [clean(cdn), laterChunks(), ...plugins()],
    onwarn: quiet,
  },
  {
    input: { extras: 'packages/widget/src/extras.ts' },
    output: { dir: cdn, format: 'es', entryFileNames: '[name].js', chunkFileNames: chunkName },
    plugins: plugins(),
    onwarn: quiet,
  },
  {
    input: 'packages/widget/src/loader.ts',
    // Its directive for strict mode changes nothing here and would take its bytes.
    output: { file: `${cdn}/loader.js`, format: 'iife', strict: false, outro },
    plugins: [panelUrl(), ...plugins(), compress(cdn)],
    onwarn: quiet,
  },
];

const isPackage = (id) => !/^[./]/.test(id) && !/^[A-Z]:/.test(id);

const widgetEntries = ['index.ts', 'element.ts', 'react.ts', 'preact.ts', 'vue.ts', 'svelte.ts']
  .map((file) => `packages/widget/src/${file}`)
  .filter(existsSync);

const widgetNpm = {
  input: Object.fromEntries(widgetEntries.map((file) => [basename(file, '.ts'), file])),
  output: {
    dir: 'packages/widget/dist',
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    banner: (chunk) => (chunk.name === 'react' ? "'use client';" : ''),
  },
  external: isPackage,
  plugins: [clean('packages/widget/dist/chunks'), ...plugins({ minify: false })],
  onwarn: quiet,
};

const inbox = {
  input: { main: 'packages/inbox/src/main.tsx' },
  output: {
    dir: 'packages/inbox/dist/app',
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    outro,
  },
  plugins: [
    clean('packages/inbox/dist/app'),
    ...plugins(),
    copy([
      ['packages/inbox/index.html', 'packages/inbox/dist/app/index.html'],
      [INBOX_STYLES, 'packages/inbox/dist/app/main.css'],
    ]),
    compress('packages/inbox/dist/app'),
  ],
  onwarn: quiet,
};

/** Each example names its browser entries in its package.json: `"continuo": { "bundle": { "dist/main.js": "src/main.ts" } }`. */
const examples = readdirSync('examples').flatMap((name) => {
  const folder = join('examples', name);
  if (!existsSync(join(folder, 'package.json'))) return [];
  const { continuo } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.entries(continuo?.bundle ?? {}).map(([output, input]) => ({
    input: join(folder, input),
    output: { file: join(folder, output), format: 'es', inlineDynamicImports: true, outro },
    plugins: [singleFileComponents(), ...plugins(continuo), commonjsIfNeeded(continuo)],
    onwarn: quiet,
  }));
});

function define(values) {
  return {
    name: 'define',
    transform(code) {
      let next = code;
      for (const [from, to] of Object.entries(values)) next = next.replaceAll(from, to);
      return next === code ? null : { code: next, map: null };
    },
  };
}

function commonjsIfNeeded(settings) {
  return settings.commonjs ? commonjs() : null;
}

/** What `@continuo/core` weighs with its dependencies, for the byte budget only. */
const coreSize = {
  input: 'packages/core/src/index.ts',
  output: { file: '.cache/size/core.js', format: 'es', inlineDynamicImports: true },
  plugins: plugins(),
  onwarn: quiet,
};

export default [...widgetCdn, widgetNpm, inbox, ...examples, coreSize];
