/** The container and its settings, as far as they can be read without Docker (`npm run check:deploy` asks it). */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DCLinter } from 'dclint'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseNodeConfig, SETTING_NAMES } from '../src/config.ts'

const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const read = (name: string) => readFileSync(pathOf(name), 'utf8')

/** `NAME=value` lines of a file of settings. */
const settingsIn = (name: string): Record<string, string> =>
  Object.fromEntries(
    [...read(name).matchAll(/^([A-Za-z_]+)=(.*)$/gm)].map(([, key = '', value]) => [key, value ?? '']),
  )

const DIGEST = /^[a-z./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/

type Service = Record<string, unknown> & {
  env_file: string
  networks: string[]
  ports?: string[]
  image?: string
}
type Compose = {
  services: { archive: Service; litestream: Service }
  networks: Record<string, { ipam: { config: { subnet: string; gateway: string }[] } } | null>
}

const compose = parse(read('deploy/compose.yaml'), { merge: true }) as Compose

describe('compose.yaml', () => {
  const services = Object.entries(compose.services)

  it('keeps to the specification', () => {
    const linter = new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] })
    const [result] = linter.lintFiles([pathOf('deploy/compose.yaml')], false)
    const messages = (result?.messages ?? []) as { type: string; message: string }[]
    expect(messages.filter(({ type }) => type === 'error')).toEqual([])
  })

  it.each(services)('confines %s', (_name, service) => {
    expect(service).toMatchObject({
      user: '1000:1000',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.stringMatching(/^\d+[mg]$/),
      memswap_limit: service.mem_limit,
      pids_limit: expect.any(Number),
    })
    for (const wide of ['privileged', 'cap_add', 'network_mode', 'pid', 'ipc', 'devices'])
      expect(service).not.toHaveProperty(wide)
  })

  it('names images by their digest, and builds on one', () => {
    expect(compose.services.litestream.image).toMatch(DIGEST)
    expect(compose.services.archive).toMatchObject({ build: '..' })
  })

  it('keeps downloads on the disk, not in memory', () => {
    expect(compose.services.archive).toMatchObject({
      environment: { TMPDIR: '/data' },
      volumes: ['data:/data'],
    })
  })

  it('is reached from this machine alone', () => {
    expect(services.flatMap(([, { ports }]) => ports ?? [])).toEqual(['127.0.0.1:3000:3000'])
  })

  it('gives each container secrets and a network of its own', () => {
    const { archive, litestream } = compose.services
    expect([archive.env_file, litestream.env_file]).toEqual(['archive.env', 'litestream.env'])
    expect(archive.networks.filter((name) => litestream.networks.includes(name))).toEqual([])
    const known = new Set<string>(SETTING_NAMES)
    expect(Object.keys(settingsIn('deploy/archive.env.example')).filter((name) => !known.has(name))).toEqual(
      [],
    )
    const ofReplica = Object.keys(settingsIn('deploy/litestream.env.example'))
    expect(ofReplica.filter((name) => known.has(name))).toEqual([])
    const asked = [...read('deploy/litestream.yml').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)
    expect(ofReplica).toEqual([...asked, 'LITESTREAM_ACCESS_KEY_ID', 'LITESTREAM_SECRET_ACCESS_KEY'])
  })

  it('has the archive believe one address, the one that the proxy comes from', () => {
    const [{ subnet, gateway } = { subnet: '', gateway: '' }] = compose.networks.front?.ipam.config ?? []
    expect(ipaddr.parse(gateway).match(ipaddr.parseCIDR(subnet))).toBe(true)
    const { trustedProxies } = parseNodeConfig(settingsIn('deploy/archive.env.example'))
    expect(trustedProxies).toEqual([gateway])
  })
})

describe('the settings of a deployment', () => {
  it('are kept out of the repository, and their examples are not', () => {
    expect(read('.gitignore').split('\n')).toContain('deploy/*.env')
    expect(readdirSync(pathOf('deploy')).filter((name) => name.endsWith('.env.example'))).toHaveLength(2)
  })
})

describe('the Dockerfile', () => {
  const instructions = [...read('Dockerfile').matchAll(/^([A-Z]+) (.*)$/gm)].map(
    ([, name = '', value = '']) => ({ name, value }),
  )
  const all = (name: string) => instructions.filter((each) => each.name === name).map(({ value }) => value)

  it('builds on one image by its digest, of the Node.js that the tests run on', () => {
    const [image = ''] = all('ARG')
    expect(image.replace('NODE_IMAGE=', '')).toMatch(DIGEST)
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: { node: string } }
    expect(image).toContain(`node:${devDependencies.node}-`)
    expect(all('FROM').map((from) => from.split(' ')[0])).toEqual(['${NODE_IMAGE}', '${NODE_IMAGE}'])
  })

  it('runs as nobody who may change the program', () => {
    expect(all('USER')).toEqual(['1000:1000'])
    const names = instructions.map(({ name }) => name)
    expect(names.lastIndexOf('USER')).toBeGreaterThan(names.lastIndexOf('COPY'))
    expect(all('COPY').filter((copied) => copied.includes('--chown'))).toEqual([])
  })
})
