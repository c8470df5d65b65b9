import { createHash } from 'node:crypto';
import { transform } from 'esbuild';

const compilers = {
  async vue(code, filename) {
    const { compileScript, parse } = await import('vue/compiler-sfc');
    const { descriptor, errors } = parse(code, { filename });
    if (errors.length > 0) throw errors[0];
    const id = createHash('sha256').update(filename).digest('hex').slice(0, 8);
    const { content } = compileScript(descriptor, { id, inlineTemplate: true });
    return (await transform(content, { loader: 'ts', target: 'es2022' })).code;
  },
  async svelte(code, filename) {
    const { compile } = await import('svelte/compiler');
    return compile(code, { filename, generate: 'client' }).js.code;
  },
};

/** Compiles `.vue` and `.svelte`, without their styles: what the official plugins of Vite do, for the two small examples. */
export const singleFileComponents = () => ({
  name: 'single-file-components',
  async transform(code, id) {
    const compile = compilers[/\.(vue|svelte)$/.exec(id)?.[1] ?? ''];
    return compile ? { code: await compile(code, id), map: null } : null;
  },
});
