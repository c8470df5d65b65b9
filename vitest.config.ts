import { defineConfig } from 'vitest/config';

// Not 'import': Node would apply it to CommonJS packages' own require() too.
const conditions = ['source', 'module', 'node', 'default'];
const domConditions = ['source', 'module', 'browser', 'import', 'default'];

/** A `.css` import is its text, as in the bundles. */
const cssText = {
  name: 'css-text',
  enforce: 'pre' as const,
  load(id: string) {
    return id.endsWith('.css') ? "export default '';" : null;
  },
};

/** Finds the PostgreSQL that tests make their databases on, or starts one. */
const globalSetup = ['test/support/postgres-setup.ts'];

/** Milliseconds: more than a test waits for anything, on a machine that is busy. A database of its own takes seconds there. */
const patience = { testTimeout: 30_000, hookTimeout: 30_000 };

const unit = (name: string, environment: 'node' | 'happy-dom', include: string[]) => ({
  plugins: [cssText],
  resolve: { conditions: environment === 'node' ? conditions : domConditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  oxc: { jsx: { runtime: 'automatic' as const, importSource: 'preact' } },
  test: {
    name,
    environment,
    include,
    maxWorkers: 2,
    ...patience,
    ...(environment === 'node' && { globalSetup }),
  },
});

/** Tests of the folder `test/<name>`. `files`: how many at a time, beside each other on a machine with two processors. */
const slow = (name: string, { testTimeout, files }: { testTimeout: number; files: number }) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    name,
    globalSetup,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: 120_000,
    maxWorkers: files,
    // Vitest starts another group only when the one before is done.
    sequence: { groupOrder: SLOW.indexOf(name) + 1 },
  },
});

const SLOW = ['contract', 'fault', 'herd', 'power', 'e2e', 'browsers'];

export default defineConfig({
  test: {
    projects: [
      unit('unit:node', 'node', [
        'packages/{protocol,core,channels,server}/src/**/*.test.ts',
        'examples/**/*.test.ts',
      ]),
      unit('unit:dom', 'happy-dom', ['packages/{widget,inbox}/src/**/*.test.{ts,tsx}']),
      slow('contract', { testTimeout: 120_000, files: 2 }),
      // Most of it is waiting.
      slow('fault', { testTimeout: 240_000, files: 2 }),
      slow('herd', { testTimeout: 180_000, files: 1 }),
      slow('power', { testTimeout: 120_000, files: 1 }),
      slow('e2e', { testTimeout: 120_000, files: 1 }),
      slow('browsers', { testTimeout: 120_000, files: 1 }),
    ],
  },
});
