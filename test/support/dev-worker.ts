/** What `npm run dev:worker` runs: the Worker in the local runtime, on a local D1. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from './server-process.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

/** Runs what `npm run dev:worker` runs, until it answers. */
export async function startDevWorker(
  settings: Record<string, string>,
  options: string[] = [],
): Promise<string> {
  const port = await freePort()
  const variables = Object.entries(settings).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  const place = ['--port', String(port), '--persist-to', temporaryFolder()]
  const child = spawn(process.execPath, ['scripts/dev-worker.ts', ...place, ...variables, ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that wrangler's processes end with it.
    detached: true,
  })
  onTestFinished(() => endGroup(child))
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)))
  const url = `http://127.0.0.1:${port}`
  for (let i = 0; i < 900; i++) {
    const answer = await fetch(`${url}/healthz`).catch(() => null)
    if (answer?.ok) return url
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the Worker did not start: ${printed}`)
}

async function endGroup(child: ChildProcess) {
  if (child.exitCode !== null || child.pid === undefined) return
  process.kill(-child.pid, 'SIGKILL')
  await once(child, 'close')
}
