import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/closing-line.ts'],
    testTimeout: 30_000,
    // The archive under test is opened by each runtime in its own way.
    alias: { '#open-archive': new URL('./test/support/node-archive.ts', import.meta.url).pathname },
  },
})
