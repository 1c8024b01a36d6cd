/** Runs the project's own wrangler, quietly, and waits for it. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const WRANGLER = fileURLToPath(new URL('../node_modules/wrangler/bin/wrangler.js', import.meta.url))

/** Resolves with the exit code. A signal to this process reaches wrangler too. */
export function wrangler(
  options: readonly string[],
  environment: Record<string, string> = {},
): Promise<number> {
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', ...environment }
  const child = spawn(process.execPath, [WRANGLER, ...options], { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}
