import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createCommand, parseOptions } from '../../simulator/options.ts'
import { temporaryFolder } from '../support/server-process.ts'

const SETTINGS = {
  RONGCLOUD_APPS: 'app-one:secret-one,app-two:secret-two',
  API_KEYS: 'w:key-that-only-writes:write,r:key-that-only-reads:read',
}

function parse(parameters: string[], environment: Record<string, string> = SETTINGS) {
  let printed = ''
  const print = (text: string) => void (printed += text)
  try {
    return { options: parseOptions(parameters, environment, { out: print, err: print }), printed }
  } catch (error) {
    return { error: error as Error & { exitCode: number }, printed }
  }
}

describe('the options', () => {
  it('have defaults for a first try', () => {
    const { options } = parse([])
    expect(options).toMatchObject({
      url: new URL('http://127.0.0.1:3000'),
      messages: 1000,
      rate: null,
      connections: 16,
      events: true,
      json: false,
      app: { appKey: 'app-one', secret: 'secret-one' },
      apiKey: 'key-that-only-reads',
      templates: { member: '{id}', seller: '{id}' },
    })
    expect(Math.abs((options?.startMs ?? 0) - Date.now())).toBeLessThan(200_000)
  })

  it('with a seed begin at a time of that seed’s, so that the run is the same again', () => {
    const [one, again, other] = [parse(['--seed', '7']), parse(['--seed', '7']), parse(['--seed', '8'])]
    expect(one.options?.startMs).toBe(again.options?.startMs)
    expect(one.options?.startMs).not.toBe(other.options?.startMs)
    expect(parse(['--seed', '7', '--start', '2025-06-01T09:00:00+08:00']).options?.startMs).toBe(
      Date.parse('2025-06-01T01:00:00Z'),
    )
  })

  it.each([
    ['--messages', '0'],
    ['--messages', '1e3'],
    ['--rate', '0'],
    ['--rate', 'fast'],
    ['--connections', '0'],
    ['--seed', '-1'],
    ['--seed', '4294967296'],
    ['--start', 'yesterday'],
    ['--start', '2025-13-01'],
    ['--url', '127.0.0.1:3000'],
    ['--url', 'ftp://127.0.0.1'],
    ['--url', 'http://127.0.0.1/?a=b'],
    ['--events', 'maybe'],
    ['--wait', '1.5'],
    ['--member-user-id', 'u'],
    ['--seller-user-id', '{id}{id}'],
  ])('name %s when it is %s', (name, value) => {
    const { error, printed } = parse([name, value])
    expect(error?.exitCode).not.toBe(0)
    expect(printed).toContain(`'${name} `)
  })

  it('name one that there is not', () => {
    expect(parse(['--speed', '9']).printed).toContain("unknown option '--speed'")
    expect(parse(['everything']).printed).toContain('too many arguments')
  })

  it('name the credentials that are missing', () => {
    const nothing = { DATABASE_PATH: join(temporaryFolder(), 'archive.db') }
    expect(parse([], nothing).printed).toContain("'--app-key <key>' is missing")
    expect(parse(['--app-key', 'a'], nothing).printed).toContain("'--app-secret <secret>' is missing")
    expect(parse(['--app-key', 'a', '--app-secret', 'b'], nothing).printed).toContain(
      "'--api-key <key>' is missing",
    )
    expect(parse(['--app-key', 'a', '--app-secret', 'b', '--no-verify'], nothing).options).toMatchObject({
      app: { appKey: 'a', secret: 'b' },
      apiKey: null,
    })
  })

  it('name the setting that is wrong', () => {
    expect(parse([], { RONGCLOUD_APPS: 'no-secret' }).printed).toContain('RONGCLOUD_APPS')
  })

  it('take the secret of the app that is named', () => {
    expect(parse(['--app-key', 'app-two']).options?.app).toEqual({ appKey: 'app-two', secret: 'secret-two' })
  })

  it('read the credentials that the archive made up', () => {
    const folder = temporaryFolder()
    const settings = {
      RONGCLOUD_APPS: 'made-up:secret',
      API_KEYS: 'first-try:key-that-was-made-up:admin',
      MEMBER_TOKEN_SECRET: 'm'.repeat(43),
    }
    writeFileSync(join(folder, 'credentials.json'), JSON.stringify(settings))
    const { options } = parse([], { DATABASE_PATH: join(folder, 'archive.db'), MEMBER_USER_ID: 'u{id}' })
    expect(options).toMatchObject({
      app: { appKey: 'made-up', secret: 'secret' },
      apiKey: 'key-that-was-made-up',
      templates: { member: 'u{id}', seller: '{id}' },
    })
  })

  it('are all in the help and in the reference', () => {
    const { error, printed } = parse(['--help'])
    expect(error?.exitCode).toBe(0)
    const reference = readFileSync(new URL('../../docs/reference.md', import.meta.url), 'utf8')
    for (const { long, flags } of createCommand().options) {
      expect(printed).toContain(long)
      expect(reference).toContain(`| \`${flags}\` |`)
    }
  })
})
