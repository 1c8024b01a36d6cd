/** The real command line in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('../../../src/node/cli/main.ts', import.meta.url))

export type ArchiveProcess = {
  child: ChildProcess
  ended: Promise<{ exitCode: number | null; stdout: string; stderr: string }>
}

/** Runs `archive` with these settings alone. */
export function spawnArchive(
  parameters: readonly string[],
  settings: Record<string, string> = {},
): ArchiveProcess {
  const child = spawn(process.execPath, [MAIN, ...parameters], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const ended = once(child, 'close').then(([code]) => ({ exitCode: code as number | null, stdout, stderr }))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, ended }
}

export function runArchive(parameters: readonly string[], settings?: Record<string, string>) {
  return spawnArchive(parameters, settings).ended
}
