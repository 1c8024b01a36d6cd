import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countFurther, getCountProgress } from '../../../src/archive/message-counts.ts'
import { deliverMessage, getJson } from '../../support/requests.ts'
import { temporaryFolder } from '../../support/server-process.ts'
import { fillArchive, settingsFor } from './archive-file.ts'
import { runArchive } from './archive-process.ts'

type Item = { id: number; addtime: string; cnt: string; messageType: string; sender: string; msg_uid: string }

const HEAD = 'id,seller_id,member_id,addtime,cnt,messageType,sender\n'

async function listed(path: string): Promise<Item[]> {
  let items: Item[] = []
  await fillArchive(path, async (archive) => {
    const page = await getJson<{ items: Item[] }>(archive, '/chat-records/list?memberId=1&sellerId=a')
    items = page.items
  })
  return items
}

describe('archive records import', () => {
  it('takes an old table along, ids and all, as the contract lists it', async () => {
    const folder = temporaryFolder()
    const [path, file] = [join(folder, 'a.db'), join(folder, 'old.csv')]
    writeFileSync(
      file,
      `\ufeff${HEAD}7,a,1,2020-01-02 03:04:05,"{""content"":""你好, ""}",RC:TxtMsg,seller\n` +
        '5,a,1,2020-01-02 03:04:05,plain,RC:TxtMsg,\n12,a,1,2020-01-03 00:00:00,"{""x"":1}",RC:ImgMsg,member\n',
    )
    const { exitCode, stdout } = await runArchive(['records', 'import', '--json', file], settingsFor(path))
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      read: 3,
      recorded: 3,
      known: 0,
      renumbered: 0,
      rejected: 0,
      encoding: 'utf-8',
      dialect: 'rfc4180',
    })
    expect(readdirSync(folder).filter((name) => name.startsWith('old'))).toEqual(['old.csv'])
    expect(await listed(path)).toMatchObject([
      { id: 12, addtime: '2020-01-03 00:00:00', messageType: 'RC:ImgMsg', sender: 'member' },
      { id: 7, addtime: '2020-01-02 03:04:05', cnt: '{"content":"你好, "}', sender: 'seller' },
      { id: 5, addtime: '2020-01-02 03:04:05', cnt: 'plain', sender: 'member', msg_uid: 'import:5' },
    ])
    await fillArchive(path, async (archive) => {
      await deliverMessage(archive)
      const { items } = await getJson<{ items: Item[] }>(archive, '/api/v1/messages?origin=import')
      expect(items).toMatchObject([{ id: 12, problem: expect.any(String) as string }, { id: 7 }, { id: 5 }])
    })
    expect((await listed(path))[0]).toMatchObject({ id: 13 })
    const again = await runArchive(['records', 'import', '--json', file], settingsFor(path))
    expect(JSON.parse(again.stdout)).toMatchObject({ recorded: 0, known: 3, rejected: 0 })
    expect(await runArchive(['verify'], settingsFor(path))).toMatchObject({ exitCode: 0 })
  })

  it('gives a new id where the old one is taken, and writes down which', async () => {
    const folder = temporaryFolder()
    const [path, file] = [join(folder, 'a.db'), join(folder, 'old.ndjson')]
    await fillArchive(path, (archive) => deliverMessage(archive))
    const record = { seller_id: 'a', member_id: 1, addtime: '2020-01-02', cnt: 'x', messageType: 'RC:TxtMsg' }
    writeFileSync(file, [1, 9].map((id) => JSON.stringify({ id, ...record })).join('\n'))
    const { stdout } = await runArchive(['records', 'import', '--json', file], settingsFor(path))
    expect(JSON.parse(stdout)).toMatchObject({ recorded: 2, renumbered: 1 })
    expect(readFileSync(`${file}.ids.csv`, 'utf8')).toBe('old_id,new_id\n1,10\n')
    expect((await listed(path)).map(({ id, msg_uid }) => [id, msg_uid])).toContainEqual([9, 'import:9'])
    await runArchive(['records', 'import', file], settingsFor(path))
    expect(readFileSync(`${file}.ids.csv`, 'utf8')).toBe('old_id,new_id\n1,10\n1,10\n')
  })

  it('gives away no id that a later record brings along', async () => {
    const folder = temporaryFolder()
    const [path, file] = [join(folder, 'a.db'), join(folder, 'old.csv')]
    await fillArchive(path, (archive) => deliverMessage(archive))
    writeFileSync(file, `${HEAD}${[1, 2, 3].map((id) => `${id},a,1,2020-01-02,x,RC:TxtMsg,\n`).join('')}`)
    const { stdout } = await runArchive(['records', 'import', '--json', file], settingsFor(path))
    expect(JSON.parse(stdout)).toMatchObject({ recorded: 3, renumbered: 1 })
    expect(readFileSync(`${file}.ids.csv`, 'utf8')).toBe('old_id,new_id\n1,4\n')
    const ids = (await listed(path)).map(({ id, msg_uid }) => [msg_uid, id])
    expect(ids).toEqual(expect.arrayContaining([['import:2', 2], ['import:3', 3], ['import:1', 4]])) // prettier-ignore
  })

  it('adds to the files that it wrote before, and writes into no other', async () => {
    const folder = temporaryFolder()
    const [path, file, ids] = [join(folder, 'a.db'), join(folder, 'old.csv'), join(folder, 'ids.csv')]
    await fillArchive(path, (archive) => deliverMessage(archive))
    const take = (row: string, option: string, name: string) => {
      writeFileSync(file, `${HEAD}${row}\n`)
      return runArchive(['records', 'import', option, name, file], settingsFor(path))
    }
    await take('1,a,1,2020-01-02,x,RC:TxtMsg,', '--ids', ids)
    await take('2,a,1,2020-01-02,x,RC:TxtMsg,', '--ids', ids)
    expect(readFileSync(ids, 'utf8')).toBe('old_id,new_id\n1,2\n2,3\n')
    const rejects = join(folder, 'rejects.ndjson')
    await take('4,a,one,2020-01-02,x,RC:TxtMsg,', '--rejects', rejects)
    await take('5,a,one,2020-01-02,x,RC:TxtMsg,', '--rejects', rejects)
    expect(readFileSync(rejects, 'utf8').trim().split('\n')).toHaveLength(2)
    const whole = readFileSync(path)
    for (const option of ['--ids', '--rejects'])
      expect(await take('6,a,1,2020-01-02,x,RC:TxtMsg,', option, path)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(`${path} is another file`) as string,
      })
    expect(readFileSync(path).equals(whole)).toBe(true)
  })

  it('keeps ids free for old records when told where new ones begin, and search finds what comes below', async () => {
    const folder = temporaryFolder()
    const [path, file] = [join(folder, 'a.db'), join(folder, 'old.csv')]
    writeFileSync(file, HEAD)
    await runArchive(['records', 'import', '--first-id', '1000', file], settingsFor(path))
    await fillArchive(path, async (archive) => {
      await deliverMessage(archive)
      expect(await getJson(archive, '/api/v1/messages')).toMatchObject({ items: [{ id: 1000 }] })
    })
    writeFileSync(
      file,
      `${HEAD}20,a,1,2020-01-02 00:00:00,later,RC:TxtMsg,\n10,a,1,2020-01-02 00:00:00,earlier,RC:TxtMsg,\n`,
    )
    expect(await runArchive(['records', 'import', file], settingsFor(path))).toMatchObject({ exitCode: 0 })
    expect((await listed(path)).map(({ id }) => id)).toEqual([1000, 20, 10])
    await fillArchive(path, async ({ store }) => {
      while (await countFurther(store));
    })
    expect(await runArchive(['records', 'import', file], settingsFor(path))).toMatchObject({ exitCode: 0 })
    // Nothing new came: nothing is counted again.
    await fillArchive(path, async ({ store }) =>
      expect(await getCountProgress(store)).toEqual({ countedUpTo: 1000, newestId: 1000 }),
    )
    expect(await runArchive(['verify'], settingsFor(path))).toMatchObject({ exitCode: 0 })
  })

  it('turns down what it does not know before it reads it', async () => {
    const folder = temporaryFolder()
    const [path, file] = [join(folder, 'a.db'), join(folder, 'other.csv')]
    writeFileSync(file, 'id,name\n1,x\n')
    const wrong = await runArchive(['records', 'import', file], settingsFor(path))
    expect(wrong).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('names no seller_id, member_id') as string,
    })
    const format = await runArchive(['records', 'import', '--format', 'x', file], settingsFor(path))
    expect(format).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('csv, ndjson') as string })
    const none = await runArchive(['records', 'import', `${file}2`], settingsFor(path))
    expect(none).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`no file ${file}2`) as string })
  })

  it('keeps what it cannot take in, with the line and the reason, and takes in the rest', async () => {
    const folder = temporaryFolder()
    const [path, file] = [join(folder, 'a.db'), join(folder, 'old.csv')]
    writeFileSync(
      file,
      `${HEAD}1,a,1,2020-13-02 00:00:00,x,RC:TxtMsg,\n2,a,one,2020-01-02 00:00:00,x,RC:TxtMsg,\n` +
        '3,a,1,2020-01-02 00:00:00,x,RC:TxtMsg,\n3,a,1,2020-01-02 00:00:00,other,RC:TxtMsg,\n4,a\n',
    )
    const { exitCode, stdout, stderr } = await runArchive(
      ['records', 'import', '--json', file],
      settingsFor(path),
    )
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ read: 5, recorded: 1, rejected: 4 })
    expect(stderr).toContain('4 records were not taken in')
    const rejects = readFileSync(`${file}.rejects.ndjson`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; problem: string })
    const problems = Object.fromEntries(rejects.map(({ line, problem }) => [line, problem]))
    expect(problems[2]).toContain('addtime is not a time')
    expect(problems[3]).toContain('member_id must be a whole number')
    expect(problems[5]).toContain('says something else')
    expect(problems[6]).toContain('Record Length')
  })
})
