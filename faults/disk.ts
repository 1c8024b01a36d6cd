/** What hinders writing, each for a while: every callback is answered, nothing else ends, and then all is well again. */
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { examine, findingsOf } from './examine.ts'
import { startSending, trafficOf, type Sending } from './sending.ts'
import { readiness, startServer, type ServerUnderTrial } from './server.ts'
import {
  atLeast,
  atMost,
  isSo,
  notTried,
  under,
  verdictOf,
  type Circumstances,
  type Finding,
  type Trial,
} from './trial.ts'

type Hindrance = {
  name: string
  /** What `/readyz` has to say. */
  says: RegExp
  /** See {@link startServer}. @param folder of the database */
  within?: (command: string, folder: string) => string
  begin: (server: ServerUnderTrial, path: string) => void
  end: (server: ServerUnderTrial, path: string) => void
}

const LASTS_MS = { full: 10_000, short: 3000, test: 1500 }
const ANSWERED_WITHIN_MS = 1000
const WELL_AGAIN_WITHIN_MS = 3000

let lock: Database.Database | undefined

const locked: Hindrance = {
  name: 'locked by another process',
  says: /another process holds its lock/,
  begin: (_server, path) => {
    lock = new Database(path)
    lock.exec('BEGIN IMMEDIATE')
  },
  end: () => lock?.close(),
}

// Units of a shell's `ulimit -f`: 512 bytes in some, 1024 in others.
const LIMIT = 2048

// The server's files may grow no further. Another process, which has no such limit, takes the room and gives it back.
const ioError: Hindrance = {
  name: 'I/O error (file size limit)',
  says: /disk or file system reports an error/,
  within: (command) => `ulimit -S -f ${LIMIT}; ${command}`,
  begin: (_server, path) => {
    const other = new Database(path)
    other.pragma('wal_autocheckpoint = 0')
    // Writes one page.
    while (statSync(`${path}-wal`).size < LIMIT * 1024) other.pragma('user_version = 0')
    other.close()
  },
  end: (_server, path) => {
    const other = new Database(path)
    other.pragma('wal_checkpoint(TRUNCATE)')
    other.close()
  },
}

const ROOT = process.getuid?.() === 0

// A file system that has room for all that is sent, seen by the server alone, and a file that takes what is left of it.
const full: Hindrance = {
  name: 'disk full',
  says: /the disk is full/,
  within: (command, folder) =>
    `exec unshare ${ROOT ? '-m' : '-Urm'} sh -c 'mount -t tmpfs -o size=64m tmpfs ${folder} && ${command}'`,
  begin: (server, path) => {
    for (let bytes = 1 << 22; bytes >= 512; bytes /= 2) {
      try {
        for (;;) writeFileSync(ballastOf(server, path), Buffer.alloc(bytes), { flag: 'a' })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    }
  },
  end: (server, path) => rmSync(ballastOf(server, path)),
}

function ballastOf(server: ServerUnderTrial, path: string): string {
  return `${rootOf(server)}${path}.ballast`
}

/** Files as that process sees them. */
function rootOf({ child }: ServerUnderTrial): string {
  return `/proc/${child.pid}/root`
}

/** Copies the database from a folder that is open, though it may be nowhere to be found. */
function takeOut(folder: number, path: string) {
  for (const name of readdirSync(`/proc/self/fd/${folder}`))
    copyFileSync(`/proc/self/fd/${folder}/${name}`, join(dirname(path), name))
  closeSync(folder)
}

const readOnly: Hindrance = {
  name: 'file made unwritable (`chattr +i`)',
  says: /disk or file system reports an error|read-only/,
  begin: (_server, path) => void execFileSync('chattr', ['+i', path, `${path}-wal`]),
  end: (_server, path) => void execFileSync('chattr', ['-i', path, `${path}-wal`]),
}

export const disk: Trial = {
  name: 'disk',
  title: 'Writing hindered',
  promise: [
    'Whatever keeps it from writing, callbacks are answered 503 within a second, the service stays up, `/readyz` says why, and when',
    'the cause is gone it is well again by itself, with nothing half-written.',
  ].join('\n'),
  run: async (circumstances) => {
    const everywhere = [locked, ioError]
    const hindrances = circumstances.size === 'test' ? everywhere : [...everywhere, full, readOnly]
    const findings: Finding[] = []
    for (const [nth, hindrance] of hindrances.entries()) {
      const found = isPossible(hindrance)
        ? await hinder(hindrance, { ...circumstances, folder: join(circumstances.folder, String(nth)) })
        : [notTried('hindered')]
      findings.push(...under(hindrance.name, found))
    }
    return findings
  },
}

function isPossible(hindrance: Hindrance): boolean {
  if (hindrance === readOnly) return ROOT && process.platform === 'linux'
  if (hindrance !== full) return true
  try {
    execFileSync('unshare', [ROOT ? '-m' : '-Urm', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function hinder(hindrance: Hindrance, { size, seed, folder }: Circumstances): Promise<Finding[]> {
  mkdirSync(folder)
  const path = join(folder, 'archive.db')
  const server = await startServer(path, (command) => hindrance.within?.(command, folder) ?? command)
  const sending = startSending(server.url, trafficOf(seed), { connections: 8, pauseMs: 5 })
  await sleep(500)
  hindrance.begin(server, path)
  const startedAt = await first(sending, 503, performance.now())
  await sleep(LASTS_MS[size])
  const ready = await readiness(server)
  const alive = await fetch(new URL('/healthz', server.url))
  const endedAt = performance.now()
  const during = sending.answers.filter(({ atMs }) => atMs >= startedAt)
  hindrance.end(server, path)
  const wellAgainAt = await first(sending, 200, endedAt)
  await sleep(500)
  await sending.stop()
  // Its file system may be seen by it alone, and goes when nobody holds it.
  const held = hindrance === full ? openSync(rootOf(server) + folder, 'r') : null
  server.child.kill('SIGTERM')
  const code = await server.ended
  if (held !== null) takeOut(held, path)
  const examined = findingsOf(examine(path, sending.acknowledged))
  return [
    atLeast('answered 503', during.filter(({ answer }) => answer === 503).length, 10),
    isSo(
      'answered neither 200 nor 503',
      during.filter(({ answer }) => answer !== 200 && answer !== 503).length,
      0,
    ),
    atMost('slowest answer', Math.max(...during.map(({ tookMs }) => tookMs)), ANSWERED_WITHIN_MS, ' ms'),
    isSo('`/healthz`', alive.status, 200),
    {
      what: '`/readyz`',
      found: `${ready.status}, ${ready.message}`,
      wanted: '503 and why',
      verdict: verdictOf(ready.status === 503 && hindrance.says.test(ready.message)),
    },
    atMost('well again after', wellAgainAt - endedAt, WELL_AGAIN_WITHIN_MS, ' ms'),
    isSo('exit code of SIGTERM afterwards', code, 0),
    ...examined,
  ]
}

const NEVER_MS = 20_000

/** When the first answer of that status came after a moment. */
async function first(sending: Sending, status: number, afterMs: number): Promise<number> {
  const until = performance.now() + NEVER_MS
  while (performance.now() < until) {
    const found = sending.answers.findLast(({ answer, atMs }) => answer === status && atMs >= afterMs)
    if (found) return sending.answers.find(({ answer, atMs }) => answer === status && atMs >= afterMs)!.atMs
    await sleep(10)
  }
  return Number.POSITIVE_INFINITY
}
