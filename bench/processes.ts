/** The measured servers and the load, each a process of its own. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ours from '../package.json' with { type: 'json' }
import type { Load } from './load.ts'

export type Server = { port: number; startMs: number; usage: () => Usage; stop: () => Promise<void> }

/** Since the start of the process; null where the system does not tell (it needs Linux's /proc). */
export type Usage = { cpuSeconds: number; peakMemoryBytes: number } | null

const TICKS_PER_SECOND = 100
const AT_HERE = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** Ours as `npm start` starts it. */
export const ARCHIVE = ours.scripts.start

export const UNFOLLOWED = ARCHIVE.replace('src/node/main.ts', 'bench/contenders/unfollowed.ts')

/** Starts a server that says `listens on http://…:port`. @param command for a shell, in the project's folder */
export async function startServer(command: string, databasePath: string): Promise<Server> {
  const startedAt = performance.now()
  const child = spawn('sh', ['-c', command], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { PATH: process.env.PATH, PORT: '0', DATABASE_PATH: databasePath, ...CREDENTIALS },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await listeningPort(child)
  return {
    port,
    startMs: performance.now() - startedAt,
    usage: () => usageOf(child.pid as number),
    stop: async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

export const CREDENTIALS = {
  RONGCLOUD_APPS: 'uwd1c0sxdlx2:Y1W2MeFwwwRxa0',
  API_KEYS: 'bench:key-of-the-bench:admin',
  CONSOLE_PASSWORD: 'bench-password',
  // It knows nothing of this app.
  RONGCLOUD_API: 'off',
}

async function listeningPort({ stdout }: ChildProcess): Promise<number> {
  let printed = ''
  for await (const chunk of stdout as AsyncIterable<Buffer>) {
    printed += String(chunk)
    const [, port] = /listens on http:\/\/\S+:(\d+)/.exec(printed) ?? []
    if (port) {
      stdout?.resume()
      return Number(port)
    }
  }
  throw new Error(`a server did not start: ${printed}`)
}

export function usageOf(pid: number): Usage {
  try {
    const [, afterName = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?=\w )/)
    const [userTicks, systemTicks] = afterName.split(' ').slice(11, 13).map(Number) as [number, number]
    const [, peakKiB] = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return {
      cpuSeconds: (userTicks + systemTicks) / TICKS_PER_SECOND,
      peakMemoryBytes: Number(peakKiB) * 1024,
    }
  } catch {
    return null
  }
}

/** `perSecond`: the most to send; 0 = as fast as the server answers. */
export type LoadPlan = {
  port: number
  connections: number
  seconds: number
  first: number
  perSecond?: number
}

const FASTEST_PER_SECOND = 80_000

export function runLoad({ perSecond = 0, ...plan }: LoadPlan): Promise<Load> {
  const atMost = Math.ceil((perSecond || FASTEST_PER_SECOND) * plan.seconds)
  const options = Object.entries({ ...plan, 'per-second': perSecond, 'at-most': atMost })
  return runScript<Load>(
    './load.ts',
    options.flatMap(([name, value]) => [`--${name}`, String(value)]),
  )
}

/** Runs a script that prints JSON. */
export async function runScript<Result>(file: string, args: readonly string[]): Promise<Result> {
  const { stdout } = await promisify(execFile)(process.execPath, [AT_HERE(file), ...args])
  return JSON.parse(stdout) as Result
}
