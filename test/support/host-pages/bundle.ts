import { join } from 'node:path';
import { build } from 'esbuild';

/** A script of a brand's page, with the libraries that it imports in it. `name`: a file beside this one. */
export const bundle = async (name: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, name)],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return outputFiles[0]?.text ?? '';
};
