// How the tests run: in two processes, file after file, all on one real PostgreSQL that is started once a run.

import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'quartermaster-*/**'],
    globalSetup: ['server/test-cluster.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // What files share is read once a process; none of them changes it.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 60_000,
  },
})
