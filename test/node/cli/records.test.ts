import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countFurther, getCountProgress } from '../../../src/archive/message-counts.ts'
import { lazyFile } from '../../../src/node/cli/lazy-file.ts'
import { deliverMessage, getJson } from '../../support/requests.ts'
import { temporaryFolder } from '../../support/server-process.ts'
import { fillArchive, settingsFor } from './archive-file.ts'
import { runArchive } from './cli-in-process.ts'

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
    renameSync(`${file}.ids.csv`, join(folder, 'first.csv'))
    await runArchive(['records', 'import', file], settingsFor(path))
    expect(readFileSync(`${file}.ids.csv`, 'utf8')).toBe('old_id,new_id\n1,10\n')
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

  it('writes new files for its owner alone, and into none that is there, nor through a link', async () => {
    const folder = temporaryFolder()
    const [path, file] = [join(folder, 'a.db'), join(folder, 'old.csv')]
    await fillArchive(path, (archive) => deliverMessage(archive))
    const take = (row: string, option: string, name: string) => {
      writeFileSync(file, `${HEAD}${row}\n`)
      return runArchive(['records', 'import', option, name, file], settingsFor(path))
    }
    const rows = {
      '--ids': '1,a,1,2020-01-02,x,RC:TxtMsg,',
      '--rejects': '4,a,one,2020-01-02,x,RC:TxtMsg,',
    } as const
    const link = join(folder, 'link')
    symlinkSync(join(folder, 'nowhere'), link)
    for (const [option, row] of Object.entries(rows)) {
      const written = join(folder, option)
      await take(row, option, written)
      expect(statSync(written).mode & 0o777).toBe(0o600)
      for (const there of [written, path, link, folder])
        expect(await take('6,a,1,2020-01-02,x,RC:TxtMsg,', option, there)).toMatchObject({
          exitCode: 1,
          stderr: expect.stringContaining(`${there} is there already`) as string,
        })
    }
    expect(existsSync(join(folder, 'nowhere'))).toBe(false)
    expect((await listed(path)).map(({ msg_uid }) => msg_uid)).not.toContain('import:6')
  })

  it('follows no link that is put in the place of its file meanwhile', () => {
    const folder = temporaryFolder()
    const [path, elsewhere] = [join(folder, 'rejects'), join(folder, 'elsewhere')]
    const rejects = lazyFile(path, { option: '--rejects' })
    writeFileSync(elsewhere, 'whole')
    symlinkSync(elsewhere, path)
    expect(() => rejects.write('line')).toThrow(`${path} is there already`)
    expect(readFileSync(elsewhere, 'utf8')).toBe('whole')
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

  it('takes ids of 64 bits: a large old one stays the identity, and the message has another', async () => {
    const folder = temporaryFolder()
    const [path, csv, json] = [join(folder, 'a.db'), join(folder, 'old.csv'), join(folder, 'old.ndjson')]
    const rows = [
      ['1970072392013557230', '1'],
      ['1970072392013557231', '1'],
      ['16', '1970072392013557230'],
      ['17', '1970072392013557231'],
      [String(2 ** 52), '1'],
      [String(2 ** 52 + 1), '1'],
      ['9223372036854775807', '9223372036854775807'],
    ]
    const [kept, largest] = [2 ** 52, '9223372036854775807']
    writeFileSync(
      csv,
      HEAD + rows.map(([id, member]) => `${id},a,${member},2020-01-02,x,RC:TxtMsg,\n`).join(''),
    )
    const lines = rows.map(
      ([id, member]) =>
        `{"id":${id},"seller_id":"a","member_id":${member},"addtime":"2020-01-02","cnt":"x","messageType":"RC:TxtMsg"}`,
    )
    writeFileSync(json, lines.join('\n'))
    const { stdout } = await runArchive(['records', 'import', '--json', csv], settingsFor(path))
    expect(JSON.parse(stdout)).toMatchObject({ read: 7, recorded: 7, known: 0, renumbered: 4, rejected: 0 })
    const renumbered = `old_id,new_id\n1970072392013557230,${kept + 1}\n1970072392013557231,${kept + 2}\n${kept + 1},${kept + 3}\n${largest},${kept + 4}\n`
    expect(readFileSync(`${csv}.ids.csv`, 'utf8')).toBe(renumbered)
    // The same in JSON, where the ids are numbers: they are the same records.
    const again = await runArchive(['records', 'import', '--json', json], settingsFor(path))
    expect(JSON.parse(again.stdout)).toMatchObject({
      read: 7,
      recorded: 0,
      known: 7,
      renumbered: 4,
      rejected: 0,
    })
    expect(readFileSync(`${json}.ids.csv`, 'utf8')).toBe(renumbered)
    await fillArchive(path, async (archive) => {
      for (const [memberId, uids] of [
        [
          '1',
          [
            `import:${kept + 1}`,
            `import:${kept}`,
            'import:1970072392013557231',
            'import:1970072392013557230',
          ],
        ],
        ['1970072392013557230', ['import:16']],
        ['1970072392013557231', ['import:17']],
        [largest, [`import:${largest}`]],
      ] as const) {
        const list = `/chat-records/list?memberId=${memberId}&sellerId=a`
        const { items } = await getJson<{ items: Item[] }>(archive, list)
        expect(items.map(({ msg_uid }) => msg_uid).toSorted()).toEqual([...uids].toSorted())
      }
    })
    expect(await runArchive(['verify'], settingsFor(path))).toMatchObject({ exitCode: 0 })
  })

  it('turns down ids that a spreadsheet has rounded, and says in which column', async () => {
    const folder = temporaryFolder()
    const [path, csv, json] = [join(folder, 'a.db'), join(folder, 'old.csv'), join(folder, 'old.ndjson')]
    const rest = '2020-01-02,x,RC:TxtMsg,'
    const rows = [`1.97007E+18,a,1,${rest}`, `2,a,1.97007E+18,${rest}`, `3,1.97E+18,1,${rest}`]
    const others = [
      `4,a,9223372036854775808,${rest}`,
      `9223372036854775808,a,1,${rest}`,
      `0,a,1,${rest}`,
      `5,a,-1,${rest}`,
    ]
    writeFileSync(csv, `${HEAD}${[...rows, ...others].join('\n')}\n`)
    const ids = ['1970072392013557230.0', '1.97e18', '"1.97007E+18"', 'null', '[1]']
    const lineOf = (id: string) =>
      `{"id":${id},"seller_id":1970072392013557230,"member_id":1970072392013557230,"addtime":"2020-01-02","cnt":"x","messageType":"RC:TxtMsg"}`
    writeFileSync(json, ids.map(lineOf).join('\n'))
    for (const file of [csv, json])
      expect(await runArchive(['records', 'import', file], settingsFor(path))).toMatchObject({ exitCode: 1 })
    const problemsIn = (file: string) =>
      readFileSync(`${file}.rejects.ndjson`, 'utf8')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { problem: string }).problem)
    const lost = (column: string, written: string) =>
      `${column} is written as ${written}, so digits of it are lost: save the column as text`
    const beyond = (column: string, least: number) =>
      `${column} must be a whole number from ${least} to 9223372036854775807, written in digits`
    expect(problemsIn(csv)).toEqual([
      lost('id', '1.97007E+18'),
      lost('member_id', '1.97007E+18'),
      lost('seller_id', '1.97E+18'),
      beyond('member_id', 0),
      beyond('id', 1),
      beyond('id', 1),
      beyond('member_id', 0),
    ])
    expect(problemsIn(json)).toEqual([
      beyond('id', 1),
      beyond('id', 1),
      lost('id', '1.97007E+18'),
      beyond('id', 1),
      beyond('id', 1),
    ])
    // What is turned down can be mended and taken in: none of its digits is lost on the way.
    expect(readFileSync(`${json}.rejects.ndjson`, 'utf8')).toContain('"seller_id":1970072392013557230,')
  })
})
