/** The real server as `npm start` starts it, to be held up, killed and started again. */
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ARCHIVE, CREDENTIALS } from '../bench/processes.ts'

export type ServerUnderTrial = {
  url: URL
  child: ChildProcess
  /** What it has printed so far. */
  printed: () => string
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | string | null>
}

export const APP = { appKey: 'uwd1c0sxdlx2', secret: 'Y1W2MeFwwwRxa0' }
export const API_KEY = 'key-of-the-bench'
export const authorization = { Authorization: `Bearer ${API_KEY}` }

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const started = new Set<ChildProcess>()

/** A trial that was broken off leaves nobody behind. */
export function endAll() {
  for (const child of started) child.kill('SIGKILL')
  started.clear()
}

/**
 * @param within puts its command into another, for a shell
 * @param settings besides the usual credentials, or in their place
 * @returns once it listens; rejects when it ends before
 */
export async function startServer(
  databasePath: string,
  within = (command: string) => command,
  settings: Record<string, string> = {},
): Promise<ServerUnderTrial> {
  const child = spawn('sh', ['-c', within(ARCHIVE)], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, PORT: '0', DATABASE_PATH: databasePath, ...CREDENTIALS, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string | null)
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const [, address] = /listens on (\S+)/.exec(output) ?? []
      if (address) resolve(address)
    })
    void ended.then((code) => reject(new Error(`the server ended with ${code}: ${output}`)))
  })
  return { url: new URL(url), child, printed: () => output, ended }
}

export async function kill({ child, ended }: ServerUnderTrial): Promise<void> {
  child.kill('SIGKILL')
  await ended
}

export async function readiness({ url }: ServerUnderTrial): Promise<{ status: number; message: string }> {
  const answer = await fetch(new URL('/readyz', url))
  const { message = '' } = (await answer.json()) as { message?: string }
  return { status: answer.status, message }
}

/** What `/metrics` says. `sum` adds up the samples whose line matches. */
export async function metricsOf({ url }: ServerUnderTrial) {
  const text = await (await fetch(new URL('/metrics', url), { headers: authorization })).text()
  const lines = text.split('\n').filter((line) => !line.startsWith('#'))
  return {
    sum: (which: RegExp) =>
      lines.reduce((sum, line) => sum + (which.test(line) ? Number(line.split(' ').at(-1)) : 0), 0),
  }
}

/** A process that does something to the database or the server. It ends with this one at the latest. */
export function startHelper(file: string, ...args: readonly (string | number)[]): ChildProcess {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args.map(String))
  started.add(child)
  return child
}
