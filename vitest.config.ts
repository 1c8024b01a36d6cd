import { fileURLToPath } from 'node:url'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The contract: what holds on both runtimes, asked of each. */
const CONTRACT = ['archive', 'domain', 'http', 'ingest', 'rongcloud'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
)

// Each runtime opens the archive under test in its own way.
export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    // Many tests wait for a process or a clock: all cores, where Vitest would leave one.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'node',
          include: [
            ...CONTRACT,
            ...['node', 'simulator', 'browser'].map((folder) => `test/${folder}/**/*.test.ts`),
            'test/*.test.ts',
          ],
          testTimeout: 60_000,
          alias: { '#open-archive': here('./test/support/node-archive.ts') },
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            main: './src/worker/index.ts',
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { bindings: { MIGRATIONS: await readD1Migrations(here('./drizzle')) } },
          })),
        ],
        test: {
          name: 'workerd',
          include: [...CONTRACT, 'test/worker/**/*.test.ts'],
          testTimeout: 60_000,
          alias: { '#open-archive': here('./test/worker/open-archive.ts') },
        },
      },
    ],
  },
})
