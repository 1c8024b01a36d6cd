/** The real server process over real HTTP. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('../../src/node/main.ts', import.meta.url))

export type ServerProcess = {
  url: string
  child: ChildProcess
  /** What it has printed so far. */
  printed: () => string
  exited: Promise<number | null>
}

/** When what is started ends: after the test, unless {@link atEndOfFile} is given. */
type AtEnd = (clean: () => void | Promise<void>) => void

/** For what a `beforeAll` starts. To be called outside of it: Vitest takes no hook while one runs. */
export function atEndOfFile(): AtEnd {
  const endings: (() => void | Promise<void>)[] = []
  afterAll(async () => {
    for (const end of endings.toReversed()) await end()
  })
  return (end) => void endings.push(end)
}

/** An empty folder that is gone at the end. */
export function temporaryFolder(atEnd: AtEnd = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'archive-test-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs `main.ts` with these settings alone, on a port of the system's choice. */
export function spawnServer(
  settings: Record<string, string>,
  atEnd: AtEnd = onTestFinished,
): Omit<ServerProcess, 'url'> {
  const env = { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', RONGCLOUD_API: 'off', ...settings }
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const exited = once(child, 'close').then(([code]) => code as number | null)
  atEnd(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { child, printed: () => output, exited }
}

/** The same, once it listens. */
export async function startServerProcess(
  settings: Record<string, string>,
  atEnd: AtEnd = onTestFinished,
): Promise<ServerProcess> {
  const server = spawnServer(settings, atEnd)
  const listens = new Promise<string>((resolve, reject) => {
    server.child.stdout?.on('data', () => {
      const [, url] = /listens on (\S+)/.exec(server.printed()) ?? []
      if (url) resolve(url)
    })
    void server.exited.then((code) => reject(new Error(`the server ended with ${code}: ${server.printed()}`)))
  })
  return { ...server, url: await listens }
}
