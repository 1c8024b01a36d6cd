import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { countFurther } from '../../../src/archive/message-counts.ts'
import { followFurther } from '../../../src/ingest/index-messages.ts'
import { openSqliteStore } from '../../../src/node/sqlite-store.ts'
import { KEYS } from '../../support/archive.ts'
import { olderMigrations } from '../../support/older-migrations.ts'
import { bearer, deliverMessage, getJson } from '../../support/requests.ts'
import { startServerProcess, temporaryFolder } from '../../support/server-process.ts'
import { fillArchive, settingsFor } from './archive-file.ts'
import { runArchive } from './cli-in-process.ts'
import { startTraffic } from './traffic.ts'

describe('archive backup', () => {
  it('brings everything back that was acknowledged before it began, from a server that was killed under load', async () => {
    const folder = temporaryFolder()
    const [path, file, elsewhere] = [join(folder, 'a.db'), join(folder, 'copy.db'), join(folder, 'new/b.db')]
    const server = await startServerProcess(settingsFor(path))
    const traffic = startTraffic(server.url, 8)
    await expect.poll(() => traffic.acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(200)
    const before = [...traffic.acknowledged]
    const created = await runArchive(['backup', 'create', '--json', file], settingsFor(path))
    expect(created).toMatchObject({ exitCode: 0 })
    server.child.kill('SIGKILL')
    await traffic.stop()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const restored = await runArchive(['backup', 'restore', file, '--to', elsewhere], settingsFor(path))
    expect(restored).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`DATABASE_PATH=${elsewhere}`) as string,
    })
    const next = await startServerProcess(settingsFor(elsewhere))
    const missing = await missingIn(next.url, before)
    expect(missing).toEqual([])
    expect(await runArchive(['verify'], settingsFor(elsewhere))).toMatchObject({ exitCode: 0 })
    expect(readdirSync(folder).filter((name) => name.includes('part'))).toEqual([])
  }, 90_000)

  it('overwrites nothing', async () => {
    const folder = temporaryFolder()
    const [path, file] = [join(folder, 'a.db'), join(folder, 'copy.db')]
    await fillArchive(path, (archive) => deliverMessage(archive))
    expect(await runArchive(['backup', 'create', file], settingsFor(path))).toMatchObject({ exitCode: 0 })
    const whole = readFileSync(file)
    const again = await runArchive(['backup', 'create', file], settingsFor(path))
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('not overwritten') as string })
    const restored = await runArchive(['backup', 'restore', file, '--to', path])
    expect(restored).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('not overwritten') as string,
    })
    expect(readFileSync(file)).toEqual(whole)
  })

  it('finds a damaged copy, one whose counts are wrong, and what is no archive', async () => {
    const folder = temporaryFolder()
    const [path, file] = [join(folder, 'a.db'), join(folder, 'copy.db')]
    await fillArchive(path, async (archive) => {
      for (let n = 0; n < 50; n++) await deliverMessage(archive, { msgUID: `M-${n}` })
    })
    await runArchive(['backup', 'create', file], settingsFor(path))
    const whole = readFileSync(file)
    const database = new Database(file)
    database.exec('UPDATE conversations SET message_count = 7')
    database.close()
    const wrong = await runArchive(['backup', 'verify', '--json', file])
    expect(wrong).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('1 conversations that differ') as string,
    })
    expect(JSON.parse(wrong.stdout)).toMatchObject({ counts: { messages: 50 } })
    writeFileSync(
      file,
      Buffer.concat([whole.subarray(0, 20_480), Buffer.alloc(8192, 7), whole.subarray(28_672)]),
    )
    expect(await runArchive(['backup', 'verify', file])).toMatchObject({ exitCode: 1 })
    expect(await runArchive(['backup', 'restore', file, '--to', `${file}2`])).toMatchObject({ exitCode: 1 })
    expect(existsSync(`${file}2`)).toBe(false)
    writeFileSync(file, 'nonsense')
    expect(await runArchive(['backup', 'verify', file])).toMatchObject({ exitCode: 1 })
    expect(await runArchive(['backup', 'verify', `${file}3`])).toMatchObject({ exitCode: 1 })
  })

  it('is asked for wrong counts of the archive itself too, which rebuild mends', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await fillArchive(path, (archive) => deliverMessage(archive))
    const database = new Database(path)
    database.exec('UPDATE conversations SET listed_count = 7')
    database.close()
    expect(await runArchive(['verify'], settingsFor(path))).toMatchObject({ exitCode: 1 })
    const { stdout } = await runArchive(['rebuild', '--json'], settingsFor(path))
    expect(JSON.parse(stdout)).toMatchObject({
      mended: { conversations: 1, listing: 0, hours: 0, changes: 0 },
    })
    expect(await runArchive(['verify'], settingsFor(path))).toMatchObject({ exitCode: 0 })
  })

  it('finds wrong numbers of hours, and what messages say of others and nobody noted, which rebuild mends', async () => {
    const path = join(temporaryFolder(), 'a.db')
    const recall = {
      messageUId: 'M-1',
      conversationType: 1,
      targetId: 'shop_a',
      sentTime: 1,
      isDelete: false,
    }
    await fillArchive(path, async (archive) => {
      await deliverMessage(archive, { msgUID: 'M-1' })
      await deliverMessage(archive, {
        msgUID: 'R-1',
        objectName: 'RC:RcCmd',
        content: JSON.stringify(recall),
      })
      while (await countFurther(archive.store));
    })
    expect(await runArchive(['verify'], settingsFor(path))).toMatchObject({ exitCode: 0 })
    const database = new Database(path)
    database.exec('UPDATE message_counts SET messages = 7 WHERE hours = 1; DELETE FROM message_changes')
    database.close()
    const { exitCode, stderr } = await runArchive(['verify'], settingsFor(path))
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/1 hours whose numbers[^]*1 messages that say of others/)
    const { stdout } = await runArchive(['rebuild', '--json'], settingsFor(path))
    expect(JSON.parse(stdout)).toMatchObject({ mended: { hours: 1, changes: 1 } })
    expect(await runArchive(['verify'], settingsFor(path))).toMatchObject({ exitCode: 0 })
  })

  it('finds what was never delivered and is listed, types counted too often, and a search index that is not whole', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await fillArchive(path, async (archive) => {
      for (let n = 0; n < 5; n++)
        await deliverMessage(archive, { msgUID: `M-${n}`, fromUserId: 'shop_a', toUserId: 'u1' })
      await deliverMessage(archive, { msgUID: 'N-1', objectName: 'X:Y' })
      while ((await followFurther(archive.store)).isBehind);
    })
    const change = (sql: string) => {
      const database = new Database(path).unsafeMode(true)
      database.exec(sql)
      database.close()
    }
    change(`UPDATE messages SET log_flags = 1 WHERE id = 1; UPDATE messages SET listing = 2 WHERE id = 1;
      UPDATE unknown_object_names SET message_count = 3; DELETE FROM message_search WHERE rowid = 2`)
    const { exitCode, stderr } = await runArchive(['verify'], settingsFor(path))
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/1 listing[^]*1 unknown types[^]*1 messages missing in the search index/)
    const { stdout } = await runArchive(['rebuild', '--json'], settingsFor(path))
    expect(JSON.parse(stdout)).toMatchObject({
      mended: { listing: 1, conversations: 1, 'unknown types': 1, 'search index': 1 },
    })
    expect(await runArchive(['verify'], settingsFor(path))).toMatchObject({ exitCode: 0 })
    await fillArchive(path, async (archive) => {
      const { items } = await getJson<{ items: unknown[] }>(archive, '/api/v1/search?q=你好')
      expect(items).toHaveLength(6)
    })
    change('DELETE FROM message_search_data WHERE id > 10')
    const malformed = await runArchive(['verify'], settingsFor(path))
    expect(malformed).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/rebuild[^]*fts5/) as string,
    })
    expect(await runArchive(['doctor', '--full'], settingsFor(path))).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('archive rebuild makes the search index again') as string,
    })
    expect(await runArchive(['rebuild'], settingsFor(path))).toMatchObject({ exitCode: 0 })
    expect(await runArchive(['verify'], settingsFor(path))).toMatchObject({ exitCode: 0 })
  }, 90_000)

  it('restores what a file has in its log too', async () => {
    const folder = temporaryFolder()
    const [path, elsewhere] = [join(folder, 'a.db'), join(folder, 'b.db')]
    await fillArchive(path, (archive) => deliverMessage(archive))
    const database = new Database(path)
    database.exec("UPDATE messages SET source = 'in the log'")
    expect(await runArchive(['backup', 'restore', path, '--to', elsewhere])).toMatchObject({ exitCode: 0 })
    database.close()
    const restored = new Database(elsewhere, { readonly: true })
    expect(restored.prepare('SELECT source FROM messages').pluck().all()).toEqual(['in the log'])
    restored.close()
  })

  it('leaves nothing under the name of a copy of what is damaged, nor takes in a log that lies beside', async () => {
    const folder = temporaryFolder()
    const [path, file] = [join(folder, 'a.db'), join(folder, 'copies/copy.db')]
    await fillArchive(path, async (archive) => {
      for (let n = 0; n < 50; n++) await deliverMessage(archive, { msgUID: `M-${n}` })
    })
    mkdirSync(join(folder, 'copies'))
    writeFileSync(`${file}-wal`, '')
    const beside = await runArchive(['backup', 'create', file], settingsFor(path))
    expect(beside).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`${file}-wal`) as string })
    rmSync(`${file}-wal`)
    const whole = readFileSync(path)
    writeFileSync(
      path,
      Buffer.concat([whole.subarray(0, 20_480), Buffer.alloc(8192, 7), whole.subarray(28_672)]),
    )
    const created = await runArchive(['backup', 'create', file], settingsFor(path))
    expect(created).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is not sound') as string })
    expect(readdirSync(join(folder, 'copies'))).toEqual([])
  })

  it('copies and restores what only needs mending, and says so', async () => {
    const folder = temporaryFolder()
    const [path, file, to] = [join(folder, 'a.db'), join(folder, 'copy.db'), join(folder, 'b.db')]
    await fillArchive(path, (archive) => deliverMessage(archive))
    const database = new Database(path)
    database.exec('UPDATE conversations SET message_count = 7')
    database.close()
    const toMend = {
      stderr: expect.stringMatching(/archive rebuild[^]*1 conversations that differ/) as string,
    }
    const created = await runArchive(['backup', 'create', file], settingsFor(path))
    expect(created).toMatchObject({ exitCode: 1, ...toMend })
    const restored = await runArchive(['backup', 'restore', file, '--to', to])
    expect(restored).toMatchObject({ exitCode: 0, ...toMend })
    expect(await runArchive(['rebuild'], settingsFor(to))).toMatchObject({ exitCode: 0 })
    expect(await runArchive(['verify'], settingsFor(to))).toMatchObject({ exitCode: 0 })
  })

  it('restores a copy from before an update, which no command brings up to date but the server does', async () => {
    const folder = temporaryFolder()
    const [path, file, to] = [join(folder, 'a.db'), join(folder, 'copy.db'), join(folder, 'b.db')]
    await openSqliteStore(path, { migrationsFolder: olderMigrations(folder) }).close()
    for (const command of ['export', 'rebuild', 'completeness show']) {
      const { exitCode, stderr } = await runArchive(command.split(' '), settingsFor(path))
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('start the server of this version')])
    }
    expect(await runArchive(['backup', 'create', file], settingsFor(path))).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('of an older version') as string,
    })
    expect(await runArchive(['backup', 'restore', file, '--to', to])).toMatchObject({ exitCode: 0 })
    const server = await startServerProcess(settingsFor(to))
    expect(await missingIn(server.url, [])).toEqual([])
    expect(await runArchive(['verify'], settingsFor(to))).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('is sound') as string,
    })
  })

  it('leaves a database of another program alone', async () => {
    const path = join(temporaryFolder(), 'other.db')
    const database = new Database(path)
    database.exec('CREATE TABLE a (b)')
    database.close()
    for (const command of ['export', 'rebuild', 'verify']) {
      const { exitCode, stderr } = await runArchive([command], settingsFor(path))
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(path)])
    }
    const after = new Database(path, { readonly: true })
    expect(after.prepare('SELECT name FROM sqlite_master').pluck().all()).toEqual(['a'])
    after.close()
  })
})

async function missingIn(url: string, uids: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  for (let i = 0; i < uids.length; i += 100) {
    const asked = uids.slice(i, i + 100).join(',')
    const answer = await fetch(`${url}/api/v1/messages?limit=500&msgUID=${asked}`, {
      headers: bearer(KEYS.read),
    })
    const { items } = (await answer.json()) as { items: { msgUID: string }[] }
    for (const { msgUID } of items) found.add(msgUID)
  }
  return uids.filter((uid) => !found.has(uid))
}
