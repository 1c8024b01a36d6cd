/** deploy/nginx.conf with paths and loopback ports of its own, so that whoever checks it need not be root. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FROM, NAME } from './clients.ts'
import { run } from './run.ts'

/** @returns the file to start nginx with */
export function configure(folder: string, at: { archive: string; tls: number; plain: number }): string {
  mkdirSync(join(folder, 'log'))
  const [key, certificate] = [join(folder, 'privkey.pem'), join(folder, 'fullchain.pem')]
  const self = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${NAME}`]
  run('openssl', ['req', ...self, '-keyout', key, '-out', certificate])
  const replacements = {
    '127.0.0.1:3000': at.archive,
    'listen 443 ssl': `listen 127.0.0.1:${at.tls} ssl`,
    'listen [::]:443 ssl': `listen [::1]:${at.tls} ssl`,
    'listen 80': `listen 127.0.0.1:${at.plain}`,
    'listen [::]:80': `listen [::1]:${at.plain}`,
    [`/etc/letsencrypt/live/${NAME}`]: folder,
    '/var/log/nginx': join(folder, 'log'),
  }
  edit(join(folder, 'nginx.conf'), replacements)
  edit(join(folder, 'rongcloud-addresses.conf'), { '# Beijing': `${FROM.rongCloud} 1;\n# Beijing` })
  const main = join(folder, 'main.conf')
  writeFileSync(main, mainConfiguration(folder))
  return main
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
