/** An nginx with deploy/nginx.conf in front of an archive, both on this machine alone. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseNodeConfig } from '../../src/config.ts'
import { startServer } from '../../src/node/server.ts'
import { API_KEY, APP, CONSOLE_PASSWORD, FROM } from './clients.ts'
import { configure } from './configure-nginx.ts'
import { copyOfDeploy, run } from './run.ts'

const STARTS_WITHIN_MS = 10_000

export type Proxied = AsyncDisposable & { tls: number; plain: number; logOf: (name: string) => string }

export async function startProxiedArchive(): Promise<Proxied> {
  await using starting = new AsyncDisposableStack()
  const { folder } = starting.use(copyOfDeploy())
  const [tls, plain] = [await freePort(), await freePort()]
  const archive = await startServer(settingsIn(folder))
  starting.defer(() => archive.stop())
  const main = configure(folder, { archive: new URL(archive.url).host, tls, plain })
  run('nginx', ['-t', '-c', main])
  const nginx = spawn('nginx', ['-c', main], { stdio: 'inherit' })
  const exited = once(nginx, 'exit')
  starting.defer(async () => {
    nginx.kill('SIGTERM')
    await exited
  })
  await answers(plain)
  const started = starting.move()
  return {
    tls,
    plain,
    logOf: (name) => readFileSync(join(folder, 'log', name), 'utf8'),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

function settingsIn(folder: string) {
  return parseNodeConfig({
    PORT: '0',
    DATABASE_PATH: join(folder, 'archive.db'),
    RONGCLOUD_APPS: `${APP.appKey}:${APP.secret}`,
    API_KEYS: `back-end:${API_KEY}:admin`,
    CONSOLE_PASSWORD,
    TRUSTED_PROXIES: '127.0.0.1',
    // Nothing gets in unless nginx says from where it comes.
    CALLBACK_IPS: FROM.rongCloud,
    RONGCLOUD_API: 'off',
    LOG_LEVEL: 'error',
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function answers(port: number): Promise<void> {
  for (const untilMs = Date.now() + STARTS_WITHIN_MS; Date.now() < untilMs; await pause(50)) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' }).catch(
      (error: Error) => error,
    )
    // A request to another name than the server's is hung up on.
    if (answer instanceof Response || String(answer.cause).includes('other side closed')) return
  }
  throw new Error('nginx does not start')
}
