import { openArchive, openDownload } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { BEIJING } from '../../src/domain/log-zone.ts'
import { fetchLogs } from '../../src/ingest/fetch-logs.ts'
import { importLog } from '../../src/ingest/import-log.ts'
import { importMembers } from '../../src/ingest/import-members.ts'
import { zipOf } from '../support/fake-rongcloud-api.ts'
import { hashing } from '../support/hashing.ts'
import { aRecord, linesOfRecords, logFile } from '../support/history-log.ts'
import { aFetching, HOUR } from '../support/log-fetching.ts'
import { deliverMessage, getJson } from '../support/requests.ts'

const how = { appKey: null, now: () => Date.parse('2024-12-20T00:00:00Z') }

async function anArchive() {
  const archive = await openArchive()
  const deps = {
    store: archive.store,
    hashing,
    templates: { member: 'u{id}', seller: 'shop_{id}' },
    logZone: BEIJING,
  }
  const bring = (...records: ReturnType<typeof aRecord>[]) =>
    importLog(deps, logFile(linesOfRecords(records)), how)
  type Item = Record<string, unknown> & { conversationId: number }
  const list = async (query = '') =>
    (await getJson<{ items: Item[] }>(archive, `/api/v1/messages${query}`)).items
  return { archive, deps, bring, list }
}

describe('a record without msgUID', () => {
  const nameless = aRecord({ msgUID: '', content: { content: '你好', extra: '' } })

  it('becomes a message once, however often it comes, and proves its hour', async () => {
    const { bring, list } = await anArchive()
    expect(await bring(nameless)).toMatchObject({ filled: 1, unreadable: 0 })
    const { msgUID: _none, ...without } = nameless
    expect(await bring({ ...without, msgUID: '' })).toMatchObject({ known: 1, filled: 0 })
    expect(await list()).toMatchObject([{ origin: 'history_log', problem: null }])
    const { api, fetchOne, proven } = await aFetching()
    api.files.set(HOUR, await zipOf({ log: linesOfRecords([nameless]) }))
    await fetchOne()
    expect(await proven()).toHaveLength(1)
  })

  it('is the message that a callback brought under a msgUID, if all that it says is the same', async () => {
    const { archive, bring, list } = await anArchive()
    const sent = { fromUserId: 'u1', toUserId: 'shop_7', channelType: 'PERSON', objectName: 'RC:TxtMsg' }
    const content = '{ "extra": "", "content": "你好" }'
    await deliverMessage(archive, { ...sent, content, msgUID: 'OWN', msgTimestamp: '1734595200123' })
    const flagged = { ...nameless, isDiscard: 'true' }
    expect(await bring(flagged, flagged)).toMatchObject({ read: 2, known: 2, filled: 0 })
    expect(await list()).toMatchObject([{ msgUID: 'OWN', origin: 'callback', logFlags: { isDiscard: true } }])
    const others = [
      { dateTime: '2024-12-19 16:00:00.124' },
      { content: { content: '再见' } },
      { fromUserId: 'u2' },
      { targetId: 'shop_8' },
      { targetType: 6 },
      { appId: 'another' },
    ]
    const changed = (other: object) => ({ ...nameless, ...other })
    const filled = others.length
    expect(await bring(...others.map(changed))).toMatchObject({ known: 0, filled })
  })

  it.each(['the callback first', 'the log first'])(
    'is the message that a callback of 2015 brings, %s',
    async (order) => {
      const { archive, bring, list } = await anArchive()
      const callback = () =>
        deliverMessage(archive, {
          fromUserId: 'u1',
          toUserId: 'shop_7',
          objectName: 'RC:TxtMsg',
          content: '{ "extra": "", "content": "\\u4f60好" }',
          channelType: 'PERSON',
          msgUID: '',
          msgTimestamp: '',
          timestamp: '1734595200123',
          source: 'iOS',
        })
      if (order === 'the callback first') await callback()
      await bring(nameless)
      if (order === 'the log first') await callback()
      expect(await list()).toMatchObject([
        { origin: 'callback', content: '{ "extra": "", "content": "\\u4f60好" }' },
      ])
    },
  )
})

describe('a record without targetId', () => {
  const broadcast = aRecord({
    targetId: undefined,
    fromUserId: 'shop_7',
    content: { content: '国庆放假通知' },
    msgUID: 'BROADCAST',
  })

  it('is a message to nobody in particular, found by its sender and its words', async () => {
    const { archive, bring, list } = await anArchive()
    expect(await bring(broadcast, aRecord())).toMatchObject({ filled: 2, unreadable: 0 })
    const nobody = 'targetId is missing: it is to nobody in particular'
    const [message] = await list('?msgUID=BROADCAST')
    expect(message).toMatchObject({ targetId: '', channelType: 'PERSON', problem: nobody })
    const conversations = await getJson<{ items: unknown[] }>(archive, '/api/v1/conversations?userId=shop_7')
    expect(conversations.items).toContainEqual(
      expect.objectContaining({ id: message?.conversationId, userIds: [], targetId: '' }),
    )
    const found = await getJson<{ items: unknown[] }>(
      archive,
      `/api/v1/search?q=${encodeURIComponent('放假')}`,
    )
    expect(found.items).toMatchObject([{ msgUID: 'BROADCAST' }])
    const { items } = await getJson<{ items: unknown[] }>(archive, '/chat-records/list?memberId=1&sellerId=7')
    expect(items).toHaveLength(1)
  })

  it('shares a conversation with what else is to nobody, and with no user', async () => {
    const { bring, list } = await anArchive()
    await bring(
      broadcast,
      aRecord({ msgUID: 'B', targetId: '', fromUserId: 'u2' }),
      aRecord({ msgUID: 'C', targetId: undefined, targetType: undefined }),
    )
    const [one, other, third] = await Promise.all(
      ['BROADCAST', 'B', 'C'].map((msgUID) => list(`?msgUID=${msgUID}`).then(([found]) => found)),
    )
    expect(other?.conversationId).toBe(one?.conversationId)
    expect(third).toMatchObject({ channelType: 'NOTIFY', targetId: '' })
  })
})

describe('what was packed along with logs', () => {
  const members = async (given: Record<string, string>, options = {}) => {
    const { deps, list } = await anArchive()
    const zip = await zipOf(given, options)
    async function* pieces() {
      yield await Promise.resolve(zip)
    }
    return { imported: importMembers(deps, openDownload(pieces()), () => how), list }
  }
  const log = (msgUID: string) => linesOfRecords([aRecord({ msgUID })])

  it('costs nothing but a line: the others are read', async () => {
    const { imported, list } = await members({
      '__MACOSX/._2022-01-21-15': 'PK\u0003\u0004 junk',
      '2022-01-21-15': log('A'),
      '.DS_Store': '\0\0\0\u0001Bud1',
      'logs/deep/Thumbs.db': log('JUNK'),
      'README.txt': 'What this is.\n\n{"not": "a log"}\n',
      'logs/2022-01-21-16': log('B'),
      'evil\u001b[2J\u202etxt.log': 'no log',
      'empty.log': '',
    })
    const { counts, foreign } = await imported
    expect(counts).toMatchObject({ read: 2, filled: 2, unreadable: 0 })
    // On Node behind the name of the file that they were in.
    expect(foreign.map((name) => name.replace(/^log\//, ''))).toEqual([
      '__MACOSX/._2022-01-21-15',
      '.DS_Store',
      'logs/deep/Thumbs.db',
      'README.txt',
      'evil\uFFFD[2J\uFFFDtxt.log',
    ])
    expect(foreign.join('')).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(new Set((await list()).map(({ msgUID }) => msgUID))).toEqual(new Set(['A', 'B']))
  })

  it('fills neither log nor memory with names, however many there are and however long', async () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`__MACOSX/${i}`, '']))
    const long = `__MACOSX/${'x'.repeat(60_000)}`
    const { imported } = await members({ [long]: '', ...many, a: log('A') })
    const { counts, foreign } = await imported
    expect(counts).toMatchObject({ read: 1 })
    expect(foreign).toHaveLength(100)
    expect(foreign[0]).toMatch(/^(log\/)?__MACOSX\/x{246}…$/)
    await expect((await members({ [long]: '', ...many })).imported).rejects.toThrow(/^.{0,400} and 148 more$/)
  })

  it('is refused where there is nothing else', async () => {
    const { imported } = await members({ '.DS_Store': 'x', 'readme.md': '# hello\n' })
    await expect(imported).rejects.toThrow(/none of its members looks like a history log: .*readme\.md/)
  })

  it('does not keep an hour from being proven, nor is it counted where a run ends within the log', async () => {
    const { api, deps, fetchOne, proven, logged } = await aFetching()
    const records = ['A', 'B', 'C'].map((msgUID) => aRecord({ msgUID }))
    api.files.set(HOUR, await zipOf({ 'a-readme': 'one\ntwo\nthree\n', 'b.log': linesOfRecords(records) }))
    const short = { ...deps, linesPerRun: 2 }
    const hours = [Date.parse('2024-12-19T08:00:00Z')]
    expect(await fetchLogs(short, { hours })).toMatchObject([
      { counts: null, reason: 'not read to its end yet' },
    ])
    const [hour] = await fetchOne()
    expect(hour).toMatchObject({ counts: { read: 3, filled: 3, unreadable: 0 } })
    expect(hour?.foreign).toEqual([expect.stringContaining('a-readme')])
    expect(await proven()).toEqual(hours)
    expect(logged).toContain('passed over what is no log')
  })
})
