import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { APP, KEYS, MEMBER_TOKEN_SECRET, OTHER_APP, type ArchiveUnderTest } from '../support/archive.ts'

type Parameter = { name: string; in: string; required?: boolean; schema?: object }
type Operation = {
  summary?: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, unknown> }
  responses: Record<string, { description?: string; content?: Record<string, unknown> }>
  security?: Record<string, string[]>[]
}
type Document = {
  openapi: string
  info: { title?: string; version?: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, { type: string }> }
}

async function documentOf(archive: ArchiveUnderTest): Promise<Document> {
  const answer = await archive.request('/openapi.json')
  expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'application/json'])
  return (await answer.json()) as Document
}

function operationsOf({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  )
}

/** Every value below, with its key. */
function* walk(value: unknown): Generator<[string, unknown]> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, below] of Object.entries(value)) {
    yield [key, below]
    yield* walk(below)
  }
}

/** What programs ask; the console is for people. */
const endpointsOf = ({ endpoints }: ArchiveUnderTest) =>
  endpoints.filter(({ path }) => !path.startsWith('/console'))

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 in structure', async () => {
    const document = await documentOf(await openArchive())
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(document.info).toMatchObject({
      title: expect.stringMatching(/./) as string,
      version: expect.stringMatching(/./) as string,
    })
    const operations = operationsOf(document)
    expect(operations.length).toBeGreaterThan(10)
    for (const { path, method, operation } of operations) {
      expect(path).toMatch(/^\/[^:]*$/)
      expect(['get', 'put', 'post', 'delete', 'patch']).toContain(method)
      expect(operation.summary).toMatch(/./)
      expect(Object.keys(operation.responses)).toContain('200')
      for (const [status, { description }] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^[1-5]\d\d$/)
        expect(description).toMatch(/./)
      }
    }
  })

  it('describes every parameter of a path, and each parameter once', async () => {
    for (const { path, operation } of operationsOf(await documentOf(await openArchive()))) {
      const parameters = operation.parameters ?? []
      const inPath = parameters.filter((parameter) => parameter.in === 'path')
      const named = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name)
      expect([path, inPath.map(({ name }) => name)]).toEqual([path, named])
      expect(inPath.every(({ required }) => required)).toBe(true)
      expect(parameters.every(({ schema }) => typeof schema === 'object')).toBe(true)
      expect(new Set(parameters.map((parameter) => `${parameter.in} ${parameter.name}`)).size).toBe(
        parameters.length,
      )
    }
  })

  it('refers to nothing that is not in it', async () => {
    const document = await documentOf(await openArchive())
    const references = [...walk(document)].filter(([key]) => key === '$ref').map(([, value]) => String(value))
    expect(references.length).toBeGreaterThan(10)
    const known = new Set(
      Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`),
    )
    expect(references.filter((reference) => !known.has(reference))).toEqual([])
    const schemes = operationsOf(document).flatMap(({ operation }) =>
      (operation.security ?? []).flatMap((way) => Object.keys(way)),
    )
    expect(new Set(schemes)).toEqual(new Set(Object.keys(document.components.securitySchemes)))
  })

  it('describes every endpoint but the console’s, and no other', async () => {
    const archive = await openArchive()
    const described = operationsOf(await documentOf(archive)).map(({ path, method }) => `${method} ${path}`)
    const declared = endpointsOf(archive).map(
      ({ path, method }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    )
    expect(new Set(described)).toEqual(new Set(declared))
    expect(described).toHaveLength(endpointsOf(archive).length)
  })

  it('says of each endpoint what it needs: a key, and 401 and 403 without', async () => {
    const archive = await openArchive()
    const document = await documentOf(archive)
    for (const { path, method, access } of endpointsOf(archive)) {
      const operation = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      const schemes = (operation?.security ?? []).flatMap((way) => Object.keys(way))
      const needed =
        typeof access === 'string' ? [] : access.orMember ? ['apiKey', 'memberToken'] : ['apiKey']
      expect([path, schemes]).toEqual([path, needed])
      const statuses = Object.keys(operation?.responses ?? {})
      expect([path, statuses.includes('401')]).toEqual([path, access !== 'public'])
      expect([path, statuses.includes('403')]).toEqual([path, access !== 'public'])
    }
  })

  it('is there for anybody, and holds no secret', async () => {
    const text = await (await (await openArchive()).request('/openapi.json')).text()
    const secrets = [APP.secret, OTHER_APP.secret, APP.appKey, MEMBER_TOKEN_SECRET, ...Object.values(KEYS)]
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  })
})

describe('/docs', () => {
  it('loads nothing from another host and runs no script of its own text', async () => {
    const answer = await (await openArchive()).request('/docs')
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=UTF-8'])
    const page = await answer.text()
    const addresses = Array.from(page.matchAll(/(?:src|href|action)="([^"]*)"/g), ([, address]) => address)
    expect(addresses.length).toBeGreaterThan(2)
    expect(addresses.filter((address) => !/^\/(?!\/)/.test(address ?? ''))).toEqual([])
    expect(page).not.toMatch(/https?:\/\/|@import|<iframe|<base|\son\w+=/i)
    expect(Array.from(page.matchAll(/<script[^>]*>([^<]*)<\/script>/g), ([, text]) => text)).toEqual(['', ''])
  })

  it('allows scripts from nowhere else, and none in the page', async () => {
    const { headers } = await (await openArchive()).request('/docs')
    const policy = new Map(
      (headers.get('Content-Security-Policy') ?? '').split('; ').map((directive) => {
        const [name = '', ...sources] = directive.split(' ')
        return [name, sources]
      }),
    )
    expect(policy.get('default-src')).toEqual(["'none'"])
    expect(policy.get('frame-ancestors')).toEqual(["'none'"])
    for (const name of ['script-src', 'connect-src', 'style-src', 'img-src'])
      expect((policy.get(name) ?? []).filter((source) => /[.*]|^https?:/.test(source))).toEqual([])
    expect(policy.get('script-src') ?? policy.get('default-src')).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/unsafe|data:|blob:/)]),
    )
  })

  it('starts with a file that asks for the description of this archive', async () => {
    const answer = await (await openArchive()).request('/docs/start.js')
    expect(answer.headers.get('Content-Type')).toMatch(/^text\/javascript/)
    const script = await answer.text()
    expect(script).toContain("url: '/openapi.json'")
    expect(script).toContain('validatorUrl: null')
    expect(script).not.toMatch(/https?:/)
  })

  it.each(['nothing.js', 'package.json', '..%2F..%2Fpackage.json', 'constructor', '__proto__'])(
    'has no file %s',
    async (file) => {
      const answer = await (await openArchive()).request(`/docs/${file}`)
      expect([answer.status, await answer.json()]).toMatchObject([404, { name: 'Not Found' }])
    },
  )
})
