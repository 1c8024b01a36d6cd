/** deploy/nginx.conf as it is, but for ports and paths, in front of an archive; both on this machine alone. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseNodeConfig } from '../../src/config.ts'
import { startServer } from '../../src/node/server.ts'
import { copyOfDeploy, run } from './run.ts'

export const NAME = 'archive.example.com'
export const APP = { appKey: 'checked-app', secret: 'checked-app-secret' }
export const API_KEY = 'a-key-of-nobody-else'
export const CONSOLE_PASSWORD = 'a-password-of-nobody-else'

/** Addresses of this machine, as which the checks ask. */
export const FROM = {
  ownBackEnd: '127.0.0.1',
  rongCloud: '127.0.0.2',
  stranger: '127.0.0.3',
  /** Names the client that it asks for in `X-Client`. */
  balancer: '127.0.0.4',
  flood: '127.0.0.5',
}

const STARTS_WITHIN_MS = 10_000

export type Proxied = AsyncDisposable & { tls: number; plain: number; logOf: (name: string) => string }

export async function startProxiedArchive(): Promise<Proxied> {
  await using starting = new AsyncDisposableStack()
  const { folder } = starting.use(copyOfDeploy())
  const [tls, plain] = [await freePort(), await freePort()]
  const archive = await startServer(settingsIn(folder))
  starting.defer(() => archive.stop())
  configure(folder, { archive: new URL(archive.url).host, tls, plain })
  const main = join(folder, 'main.conf')
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

function configure(folder: string, at: { archive: string; tls: number; plain: number }): void {
  mkdirSync(join(folder, 'log'))
  const [key, certificate] = [join(folder, 'privkey.pem'), join(folder, 'fullchain.pem')]
  const self = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${NAME}`]
  run('openssl', ['req', ...self, '-keyout', key, '-out', certificate])
  const replacements = {
    '127.0.0.1:3000': at.archive,
    ':443 ssl': `:${at.tls} ssl`,
    'listen 443 ssl': `listen ${at.tls} ssl`,
    ':80': `:${at.plain}`,
    'listen 80': `listen ${at.plain}`,
    '/etc/letsencrypt/live/archive.example.com': folder,
    '/var/log/nginx': join(folder, 'log'),
  }
  edit(join(folder, 'nginx.conf'), replacements)
  edit(join(folder, 'rongcloud-addresses.conf'), { '# Beijing': `${FROM.rongCloud} 1;\n# Beijing` })
  writeFileSync(join(folder, 'main.conf'), mainConfiguration(folder))
}

/** @throws where nothing is to be replaced, for then the file has changed and is not what is checked */
function edit(path: string, replacements: Record<string, string>): void {
  let text = readFileSync(path, 'utf8')
  for (const [from, to] of Object.entries(replacements)) {
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`)
    text = text.replaceAll(from, to)
  }
  writeFileSync(path, text)
}

function mainConfiguration(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/temporary-${name};`,
  )
  return `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off;
    pid ${folder}/nginx.pid;
    error_log ${folder}/log/error.log info;
    events { worker_connections 1024; }
    http {
      ${temporary.join('\n')}
      set_real_ip_from ${FROM.balancer};
      real_ip_header X-Client;
      include ${folder}/nginx.conf;
    }
  `
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
    // Whoever names no server of its is hung up on.
    if (answer instanceof Response || String(answer.cause).includes('other side closed')) return
  }
  throw new Error('nginx does not start')
}
