/** What the tests of the Worker door are given by vitest.config.ts; D1 has all migrations. */
import { applyD1Migrations, type D1Migration } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll } from 'vitest'

const bound = env as unknown as { DB: D1Database; ASSETS: Fetcher; MIGRATIONS: D1Migration[] }
export const { DB, ASSETS } = bound

beforeAll(() => applyD1Migrations(DB, bound.MIGRATIONS))
