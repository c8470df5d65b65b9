/**
 * How long a test waits for what has to come. It costs nothing where that comes at once, and a machine that does much
 * else may take its time. Less than any test's own limit, so that a test fails by what it waited for.
 */
export const SOON = { timeout: 45_000 };
