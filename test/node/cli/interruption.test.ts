import { readdirSync, statSync, watch, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { deliverMessage } from '../../support/requests.ts'
import { atEndOfFile, temporaryFolder } from '../../support/server-process.ts'
import { fillArchive, settingsFor } from './archive-file.ts'
import { runArchive, spawnArchive } from './archive-process.ts'
import { runBeforeTerminal } from './cli-in-process.ts'

const RECORDS = 20_000
const HEAD = 'id,seller_id,member_id,addtime,cnt,messageType\n'
const rows = Array.from(
  { length: RECORDS },
  (_, n) => `${n + 1},a,1,2020-01-02 03:04:05,text ${n},RC:TxtMsg\n`,
)

let [csv, archive, exported] = ['', '', '']

const atEnd = atEndOfFile()

beforeAll(async () => {
  const folder = temporaryFolder(atEnd)
  ;[csv, archive, exported] = [join(folder, 'a.csv'), join(folder, 'a.db'), join(folder, 'a.ndjson')]
  writeFileSync(csv, HEAD + rows.join(''))
  await runBeforeTerminal(['records', 'import', csv], settingsFor(archive))
  await runBeforeTerminal(['export', '--output', exported], settingsFor(archive))
}, 60_000)

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** Sends the signal once a file of the folder has so many bytes; says how the command ended. */
async function interrupted(
  parameters: readonly string[],
  path: string,
  { signal, folder, grown }: { signal: 'SIGINT' | 'SIGKILL'; folder: string; grown: string },
) {
  const { child, ended } = spawnArchive(parameters, settingsFor(path))
  const { promise, resolve } = Promise.withResolvers<void>()
  const watcher = watch(folder, () => sizeOf(grown) > 500_000 && resolve())
  onTestFinished(() => watcher.close())
  await promise
  child.kill(signal)
  const { exitCode, stderr } = await ended
  expect(exitCode).toBe(signal === 'SIGINT' ? 1 : null)
  if (signal === 'SIGINT') expect(stderr).toContain('stopped; ')
}

function messagesIn(path: string): unknown[] {
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare('SELECT id, msg_uid, content, sent_at_ms, listing FROM messages').all()
  } finally {
    database.close()
  }
}

describe.each(['SIGINT', 'SIGKILL'] as const)('a command that is ended by %s and run again', (signal) => {
  it('makes the same export', async () => {
    const folder = temporaryFolder()
    const grown = join(folder, 'file')
    await interrupted(['export', '--output', grown], archive, { signal, folder, grown })
    expect(await runArchive(['export', '--output', grown, '--resume'], settingsFor(archive))).toMatchObject({
      exitCode: 0,
    })
    expect((await readFile(grown)).equals(await readFile(exported))).toBe(true)
  })

  it.each([
    ['import', () => ['import', exported]],
    ['records import', () => ['records', 'import', csv]],
  ])('makes the same archive by %s', async (_name, parameters) => {
    const folder = temporaryFolder()
    const path = join(folder, 'b.db')
    await interrupted(parameters(), path, { signal, folder, grown: `${path}-wal` })
    expect(messagesIn(path).length).toBeLessThan(RECORDS)
    expect(await runArchive(parameters(), settingsFor(path))).toMatchObject({ exitCode: 0 })
    expect(isDeepStrictEqual(messagesIn(path), messagesIn(archive))).toBe(true)
    expect(await runArchive(['verify'], settingsFor(path))).toMatchObject({ exitCode: 0 })
  })
})

describe('whoever watches a terminal', () => {
  it('sees how far it is there, and the result alone on stdout', async () => {
    const { exitCode, stdout, stderr } = await runBeforeTerminal(['export'], settingsFor(archive))
    expect({ exitCode, stdout: stdout === (await readFile(exported, 'utf8')) }).toEqual({
      exitCode: 0,
      stdout: true,
    })
    expect(stderr).toMatch(/exporting .*20,000 of 20,000/)
    const quiet = await runBeforeTerminal(['--quiet', 'verify'], settingsFor(archive))
    expect(quiet).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it.each([
    ['verify', 'verifying', (_copy: string) => ['verify']],
    ['backup verify', 'verifying', (_copy: string) => ['backup', 'verify', archive]],
    ['backup create', 'copying', (copy: string) => ['backup', 'create', copy]],
    ['backup create', 'verifying', (copy: string) => ['backup', 'create', copy]],
    ['rebuild', 'reading what messages say', (_copy: string) => ['rebuild']],
    ['rebuild', 'comparing senders', (_copy: string) => ['rebuild']],
  ])('can stop %s while it is %s', async (_name, doing, parameters) => {
    const folder = temporaryFolder()
    const stopping = new AbortController()
    const { exitCode, stderr } = await runBeforeTerminal(
      parameters(join(folder, 'copy.db')),
      settingsFor(archive),
      { signal: stopping.signal, onTalk: (talk) => talk.includes(doing) && stopping.abort() },
    )
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('stopped') as string,
    })
    expect(readdirSync(folder)).toEqual([])
  })

  it('can stop doctor --full', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await fillArchive(path, (filled) => deliverMessage(filled))
    const signal = AbortSignal.abort()
    const { exitCode, stderr } = await runBeforeTerminal(['doctor', '--full'], settingsFor(path), { signal })
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('stopped') as string,
    })
  })
})
