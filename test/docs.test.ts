import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { SETTING_NAMES } from '../src/config.ts'
import { METRICS } from '../src/http/metrics/definitions.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

const PAGES = [
  'README.md',
  'README.zh-CN.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'docs/reference.md',
  'docs/architecture.md',
  'docs/cloudflare.md',
  'docs/operations.md',
  'SECURITY.md',
  'docs/reliability.md',
  ...readdirSync(join(ROOT, 'docs/decisions')).map((name) => `docs/decisions/${name}`),
]

describe('the reference', () => {
  const reference = read('docs/reference.md')

  it('documents every address, and no other', async () => {
    const { endpoints } = await openArchive()
    const documented = [...reference.matchAll(/^\| `((?:GET|POST|PUT) [^`]+)`/gm)].map(
      ([, address]) => address,
    )
    expect(new Set(documented)).toEqual(new Set(endpoints.map(({ method, path }) => `${method} ${path}`)))
  })

  it('says of every address who may ask', async () => {
    const { endpoints } = await openArchive()
    for (const { method, path, access } of endpoints.filter(
      (endpoint) => typeof endpoint.access === 'object',
    )) {
      const { scope, orMember } = access as { scope: string; orMember?: true }
      expect(reference).toContain(
        `| \`${method} ${path}\` | scope \`${scope}\`${orMember ? ', or the member' : ''} |`,
      )
    }
  })

  it('documents every setting, and no other', () => {
    const documented = [...reference.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name)
    expect(new Set(documented)).toEqual(new Set(SETTING_NAMES))
  })
})

describe('docs/operations.md', () => {
  const NAMES = Object.keys(METRICS)

  it('has every metric, and no other', () => {
    const documented = [...read('docs/operations.md').matchAll(/^\| `(rongcloud_\w+)`/gm)].map(
      ([, name]) => name,
    )
    expect(documented).toHaveLength(NAMES.length)
    expect(new Set(documented)).toEqual(new Set(NAMES))
  })
})

describe('the pages', () => {
  it.each(PAGES)('%s links to pages that exist', (page) => {
    const targets = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) => target)
    const missing = targets.filter((target) => !existsSync(join(ROOT, dirname(page), target)))
    expect(missing).toEqual([])
  })

  it.each(PAGES)('%s names files of the project that exist', (page) => {
    const named = [...read(page).matchAll(/`((?:src|test|docs|drizzle)\/[\w./-]+\.(?:ts|md|sql))`/g)].map(
      ([, path = '']) => path,
    )
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  it.each(['README.md', 'README.zh-CN.md'])('%s gives commands that exist', (page) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const commands = [...read(page).matchAll(/npm (?:run )?(start|test|[a-z:]+)/g)].map(
      ([, name = '']) => name,
    )
    expect(commands.filter((name) => name !== 'ci' && !(name in scripts))).toEqual([])
  })
})
