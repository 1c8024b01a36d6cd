import { cpus, totalmem, type } from 'node:os'
import Database from 'better-sqlite3'
import ours from '../package.json' with { type: 'json' }

export type Machine = {
  date: string
  cpu: string
  cores: number
  memoryGB: number
  versions: Record<string, string>
}

// All are pinned to exact versions.
const PINNED = { ...ours.dependencies, ...ours.devDependencies }
const MEASURED = ['hono', '@hono/node-server', 'drizzle-orm', 'better-sqlite3', 'express'] as const

/** What the figures were taken on. */
export function machine(): Machine {
  const sqlite = new Database(':memory:').prepare('SELECT sqlite_version()').pluck().get()
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    versions: {
      [ours.name]: ours.version,
      os: type(),
      node: process.versions.node,
      SQLite: String(sqlite),
      ...Object.fromEntries(MEASURED.map((name) => [name, PINNED[name]])),
    },
  }
}
