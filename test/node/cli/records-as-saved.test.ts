import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { getJson } from '../../support/requests.ts'
import { temporaryFolder } from '../../support/server-process.ts'
import { fillArchive, settingsFor } from './archive-file.ts'
import { runBeforeTerminal } from './cli-in-process.ts'

const HEAD = 'id,seller_id,member_id,addtime,cnt,messageType,sender\n'
const GBK = { 你: [0xc4, 0xe3], 好: [0xba, 0xc3], 镕: [0xe9, 0x46] } as const
// Beyond GBK: four bytes of GB18030 (U+20000) and two of GBK's own.
const RARE = { text: '𠀀镕', bytes: [0x95, 0x32, 0x82, 0x36, ...GBK.镕] }

const row = (id: number, cnt: string) => `${id},a,1,2020-01-02 00:00:0${id},${cnt},RC:TxtMsg,member\n`
const bytesOf = (...parts: (string | readonly number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))

/** What the archive holds after the import of such a file, oldest first, and what the command said. */
async function imported(bytes: Uint8Array, ...options: string[]) {
  const folder = temporaryFolder()
  const [path, file] = [join(folder, 'a.db'), join(folder, 'old.csv')]
  writeFileSync(file, bytes)
  const run = await runBeforeTerminal(['records', 'import', '--json', ...options, file], settingsFor(path))
  const report = run.stdout === '' ? null : (JSON.parse(run.stdout) as Record<string, unknown>)
  let contents: string[] = []
  if (existsSync(path))
    await fillArchive(path, async (archive) => {
      const page = await getJson<{ items: { cnt: string }[] }>(
        archive,
        '/chat-records/list?memberId=1&sellerId=a',
      )
      contents = page.items.map(({ cnt }) => cnt).toReversed()
    })
  return { ...run, report, contents, isCreated: existsSync(path), rejects: () => readFileSync(`${file}.rejects.ndjson`, 'utf8') } // prettier-ignore
}

describe('a table in the encoding that it was saved in', () => {
  it('is read as GB18030, which GBK is part of, where it is not UTF-8', async () => {
    const { report, contents, exitCode } = await imported(
      bytesOf(HEAD, '1,a,1,2020-01-02 00:00:01,', GBK.你, GBK.好, ',RC:TxtMsg,\n2,a,1,2020-01-02 00:00:02,', RARE.bytes, ',RC:TxtMsg,\n'),
    ) // prettier-ignore
    expect(exitCode).toBe(0)
    expect(report).toMatchObject({ recorded: 2, encoding: 'gb18030', dialect: 'rfc4180' })
    expect(contents).toEqual(['你好', RARE.text])
  })

  it('is GB18030 also where a line would pass for UTF-8 by chance', async () => {
    const unicom = [0xc1, 0xaa, 0xcd, 0xa8]
    const { report, contents } = await imported(
      bytesOf(HEAD, '1,a,1,2020-01-02 00:00:01,', unicom, ',RC:TxtMsg,\n2,a,1,2020-01-02 00:00:02,', GBK.你, ',RC:TxtMsg,\n'),
    ) // prettier-ignore
    expect(report).toMatchObject({ encoding: 'gb18030' })
    expect(contents).toEqual(['联通', '你'])
  })

  it.each([
    ['utf-8', bytesOf([0xef, 0xbb, 0xbf], HEAD, row(1, '你好'))],
    ['utf-16le', bytesOf([0xff, 0xfe], [...Buffer.from(HEAD + row(1, '你好'), 'utf16le')])],
    ['utf-16be', bytesOf([0xfe, 0xff], [...Buffer.from(HEAD + row(1, '你好'), 'utf16le').swap16()])],
  ])('is read as %s where its first bytes say so', async (encoding, bytes) => {
    expect(await imported(bytes)).toMatchObject({ report: { encoding, recorded: 1 }, contents: ['你好'] })
  })

  it('is read as the operator says', async () => {
    const big5 = bytesOf(HEAD, '1,a,1,2020-01-02 00:00:01,', [0xa7, 0x41, 0xa6, 0x6e], ',RC:TxtMsg,\n')
    const { report, contents } = await imported(big5, '--encoding', 'big5')
    expect(report).toMatchObject({ encoding: 'big5' })
    expect(contents).toEqual(['你好'])
    const ndjson = bytesOf('{"id":1,"seller_id":"a","member_id":1,"addtime":"2020-01-02","messageType":"RC:TxtMsg","cnt":"', GBK.你, '"}\n') // prettier-ignore
    const lines = await imported(ndjson, '--format', 'ndjson', '--encoding', 'gbk')
    expect(lines).toMatchObject({ report: { encoding: 'gbk', dialect: null }, contents: ['你'] })
    expect(await imported(big5, '--encoding', 'klingon')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('klingon') as string,
    })
  })

  it.each([
    ['most lines are UTF-8', bytesOf(HEAD, row(1, '你好'), row(2, '科学'), '3,a,1,2020-01-02,', GBK.你, GBK.好, ',RC:TxtMsg,\n'), [], 'line 4 is not UTF-8, but others are'], // prettier-ignore
    ['a few lines are UTF-8', bytesOf(HEAD, row(1, '科学'), ...[2, 3, 4].flatMap((id) => [`${id},a,1,2020-01-02,`, GBK.你, GBK.好, ',RC:TxtMsg,\n'])), [], 'line 3 is not UTF-8, but others are'], // prettier-ignore
    ['it is no encoding of China', bytesOf(HEAD, '1,a,1,2020-01-02,caf', [0xe9], ',RC:TxtMsg,\n'), [], 'neither UTF-8 (see line 2) nor GB18030 (see line 2)'], // prettier-ignore
    ['it is not what the operator says', bytesOf(HEAD, row(1, 'x'), '2,a,1,2020-01-02,', GBK.你, ',RC:TxtMsg,\n'), ['--encoding', 'utf-8'], 'line 3 is not utf-8'], // prettier-ignore
    [
      'UTF-16 is cut',
      bytesOf([0xff, 0xfe], [...Buffer.from(HEAD, 'utf16le'), 0x00, 0xd8]),
      [],
      'not utf-16le',
    ],
  ])('is refused whole where %s', async (_, bytes, options, reason) => {
    const { exitCode, stderr, isCreated } = await imported(bytes, ...options)
    expect(exitCode).toBe(1)
    expect(stderr).toContain(reason)
    expect(isCreated).toBe(false)
  })

  it('never puts a replacement character in the place of what it cannot read', async () => {
    const { contents } = await imported(bytesOf(HEAD, row(1, 'sent as \uFFFD')))
    expect(contents).toEqual(['sent as \uFFFD'])
  })
})

describe('a table as MySQL writes it', () => {
  const json = String.raw`"{\"content\":\"say \\\"hi\\\"\\n, 好\"}"`

  it('has its backslashes undone', async () => {
    const { report, contents } = await imported(
      bytesOf(HEAD, row(1, json), row(2, '"two\\\nlines"'), row(3, String.raw`a\,b\tc\\d\"e`), row(4, '""')),
    )
    expect(report).toMatchObject({ dialect: 'mysql', recorded: 4 })
    expect(contents).toEqual([String.raw`{"content":"say \"hi\"\n, 好"}`, 'two\nlines', 'a,b\tc\\d"e', ''])
  })

  it('knows NULL from the letter N', async () => {
    const { report, contents, rejects } = await imported(
      bytesOf(HEAD, String.raw`1,a,1,2020-01-02 00:00:01,x\N,RC:TxtMsg,\N`, '\n', String.raw`2,a,1,2020-01-02 00:00:02,\N,RC:TxtMsg,\N`), // prettier-ignore
    )
    expect(report).toMatchObject({ dialect: 'mysql', recorded: 1, rejected: 1 })
    expect(contents).toEqual(['xN'])
    expect(rejects()).toContain('cnt is required')
  })

  it('is taken for it where the operator says so, though no line shows it', async () => {
    const file = bytesOf(HEAD, row(1, String.raw`C:\\a`))
    expect(await imported(file)).toMatchObject({
      report: { dialect: 'rfc4180' },
      contents: [String.raw`C:\\a`],
    })
    expect(await imported(file, '--dialect', 'mysql')).toMatchObject({ contents: [String.raw`C:\a`] })
  })

  it('is not seen in JSON whose quotation marks are doubled', async () => {
    const doubled = String.raw`"{""content"":""say \""hi\"" C:\\""}"`
    expect(await imported(bytesOf(HEAD, row(1, doubled)))).toMatchObject({
      report: { dialect: 'rfc4180' },
      contents: [String.raw`{"content":"say \"hi\" C:\\"}`],
    })
  })

  it('is refused where another line says the opposite', async () => {
    const { stderr, exitCode } = await imported(bytesOf(HEAD, row(1, json), row(2, '"{""content"":1}"')))
    expect(exitCode).toBe(1)
    expect(stderr).toContain('line 3 doubles quotation marks, line 2 puts a backslash before them')
  })

  it('reads the same however its bytes come in pieces', async () => {
    const long = String.raw`\\`.repeat(70_000)
    const { contents } = await imported(
      bytesOf(HEAD, row(1, json), row(2, `"${long}"`), row(3, `"x${long}"`)),
    )
    const undone = '\\'.repeat(70_000)
    expect(contents.map((content) => content === undone || content === `x${undone}`)).toEqual([
      false,
      true,
      true,
    ])
  })
})

describe('a table with malformed quotation marks', () => {
  it.each([
    ['not closed', row(2, '"{""content"":1}'), 'a quotation mark is not closed'],
    ['not doubled', row(2, '"he said "hi" to me"'), 'line 3: a quotation mark inside a quoted cell'],
    ['in a plain cell', row(2, 'he said "hi"'), 'line 3: a quotation mark stands inside a cell'],
  ])('is refused whole where one is %s', async (_, wrong, reason) => {
    const { exitCode, stderr, isCreated } = await imported(
      bytesOf(HEAD, row(1, 'fine'), wrong, row(3, 'fine')),
    )
    expect(exitCode).toBe(1)
    expect(stderr).toContain(reason)
    expect(stderr).toContain('nothing of it was taken in')
    expect(isCreated).toBe(false)
  })
})
