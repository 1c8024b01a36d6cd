import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { ConfigError } from '../../src/config.ts'
import { configWith, credentialsFor, findCredentials } from '../../src/node/credentials.ts'
import { APP, KEYS } from '../support/archive.ts'
import { startServerProcess, spawnServer, temporaryFolder } from '../support/server-process.ts'
import { runArchive } from './cli/cli-in-process.ts'

/** A first start that was. */
function demonstration() {
  const folder = temporaryFolder()
  const databasePath = join(folder, 'archive.db')
  credentialsFor({}, databasePath)
  return { databasePath, file: join(folder, 'credentials.json') }
}

describe('credentials.json', () => {
  it.each([0o640, 0o604, 0o622, 0o610])(
    'is refused with the mode %o, with the command that mends it',
    (mode) => {
      const { databasePath, file } = demonstration()
      chmodSync(file, mode)
      expect(() => credentialsFor({}, databasePath)).toThrow(ConfigError)
      expect(() => credentialsFor({}, databasePath)).toThrow(`chmod 600 ${file}`)
      expect(() => findCredentials({}, databasePath)).toThrow(`chmod 600 ${file}`)
      chmodSync(file, 0o600)
      expect(credentialsFor({}, databasePath)).toMatchObject({ isNew: false })
    },
  )

  it('is refused by the server and by commands, which say no secret of it', async () => {
    const { databasePath, file } = demonstration()
    chmodSync(file, 0o644)
    const { exited, printed } = spawnServer({ DATABASE_PATH: databasePath })
    expect(await exited).toBe(1)
    expect(printed()).toContain(`chmod 600 ${file}`)
    const secrets = Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>)
    for (const secret of secrets.flatMap((setting) => setting.split(':')))
      expect(printed()).not.toContain(secret)
    const doctor = await runArchive(['doctor'], { DATABASE_PATH: databasePath })
    expect([doctor.exitCode, doctor.stdout]).toEqual([1, expect.stringContaining(`chmod 600 ${file}`)])
  })

  it('is not looked at where the environment has a credential', async () => {
    const { databasePath, file } = demonstration()
    chmodSync(file, 0o644)
    const server = await startServerProcess({ DATABASE_PATH: databasePath, API_KEYS: `a:${KEYS.read}:read` })
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  })

  it('of another user is refused', () => {
    const { databasePath, file } = demonstration()
    const other = statSync(file).uid + 1000
    const getuid = vi.spyOn(process, 'getuid').mockReturnValue(other)
    try {
      expect(() => credentialsFor({}, databasePath)).toThrow(`chown ${other} ${file}`)
    } finally {
      getuid.mockRestore()
    }
  })

  it('overrides nothing that the environment sets, and brings nothing but credentials', () => {
    const { databasePath, file } = demonstration()
    const settings = { RONGCLOUD_APPS: 'made-up:secret', API_KEYS: `file:${KEYS.read}:read`, HOST: '0.0.0.0' }
    writeFileSync(file, JSON.stringify(settings))
    const madeUp = credentialsFor({}, databasePath)
    expect(configWith({}, madeUp)).toMatchObject({
      apps: [{ appKey: 'made-up', secrets: ['secret'] }],
      apiKeys: [{ name: 'file' }],
      host: '127.0.0.1',
    })
    const environment = { RONGCLOUD_APPS: `${APP.appKey}:${APP.secret}`, API_KEYS: ' ', HOST: '::1' }
    expect(configWith(environment, madeUp)).toMatchObject({
      apps: [{ appKey: APP.appKey }],
      apiKeys: [{ name: 'file' }],
      host: '::1',
    })
  })

  it('is refused when it holds no settings', () => {
    const { databasePath, file } = demonstration()
    for (const text of ['[]', '{"API_KEYS":5}', 'null']) {
      writeFileSync(file, text)
      expect(() => credentialsFor({}, databasePath)).toThrow(`${file} cannot be read`)
    }
  })
})
