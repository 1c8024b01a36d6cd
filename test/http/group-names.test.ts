import { openArchive } from '#open-archive'
import { raw } from 'hono/html'
import { describe, expect, it } from 'vitest'
import { APP, OTHER_APP, type ArchiveUnderTest } from '../support/archive.ts'
import { deliverEvent } from '../support/events.ts'
import { deliverMessage, get, getJson, signedQuery } from '../support/requests.ts'
import { wordsIn } from './console/page.ts'
import { operatorOf } from './console/signed-in.ts'

const FIRST_MS = 1_734_595_200_000

const nameGroup = (archive: ArchiveUnderTest, groupName: unknown, second: number, groupId = 'grp_1') =>
  deliverEvent(archive, 'group-info', [{ groupId, groupName, time: FIRST_MS + second * 1000 }])

const say = (archive: ArchiveUnderTest, fields: Record<string, string> = {}) =>
  deliverMessage(archive, { channelType: 'GROUP', toUserId: 'grp_1', ...fields })

let notices = 0

/** A notice in the group, sent so many seconds after the first moment. */
const notice = (
  archive: ArchiveUnderTest,
  content: object,
  second: number,
  fields: Record<string, string> = {},
) =>
  say(archive, {
    msgUID: `N-${++notices}`,
    objectName: 'RC:GrpNtf',
    content: JSON.stringify({ operatorUserId: 'u1', operation: 'Rename', message: 'x', ...content }),
    msgTimestamp: String(FIRST_MS + second * 1000),
    ...fields,
  })

async function nameIn(archive: ArchiveUnderTest, query = ''): Promise<unknown> {
  const page = await getJson<{ items: { name: unknown }[] }>(archive, `/api/v1/conversations?${query}`)
  return page.items.map(({ name }) => name).join()
}

describe('the name of a group', () => {
  it('is what an event says, before the first message and after', async () => {
    const archive = await openArchive()
    await nameGroup(archive, '老顾客福利群', 0)
    await say(archive)
    expect(await nameIn(archive)).toBe('老顾客福利群')
    await nameGroup(archive, 'Regulars', 1)
    expect(await nameIn(archive)).toBe('Regulars')
    expect(await getJson(archive, '/api/v1/conversations/1')).toMatchObject({
      name: 'Regulars',
      targetId: 'grp_1',
    })
  })

  it.each([['old new older mew'], ['mew older new old'], ['older mew old new']])(
    'is the newest, and always the same one of a moment, when they come as %s',
    async (order) => {
      const archive = await openArchive()
      await say(archive)
      const seconds: Record<string, number> = { older: 0, old: 1, mew: 3, new: 3 }
      for (const name of order.split(' ')) await nameGroup(archive, name, seconds[name] ?? 0)
      expect(await nameIn(archive)).toBe('new')
    },
  )

  it.each(['', ' ', null, undefined])('is not erased by %j', async (nothing) => {
    const archive = await openArchive()
    await say(archive)
    await nameGroup(archive, 'Regulars', 0)
    await nameGroup(archive, nothing, 9)
    expect(await nameIn(archive)).toBe('Regulars')
  })

  it('may come for many groups in one callback, and twice for one', async () => {
    const archive = await openArchive()
    await say(archive)
    await say(archive, { msgUID: 'B', toUserId: 'grp_2', msgTimestamp: String(FIRST_MS) })
    await deliverEvent(archive, 'group-info', [
      { groupId: 'grp_1', groupName: 'second', time: FIRST_MS + 1 },
      { groupId: 'grp_2', groupname: 'other', time: FIRST_MS },
      { groupId: 'grp_1', groupName: 'first', time: FIRST_MS },
    ])
    expect(await nameIn(archive)).toBe('second,other')
  })

  it('is of a group of that app alone, and of nothing else with its id', async () => {
    const archive = await openArchive()
    await nameGroup(archive, 'Regulars', 0)
    await say(archive, { channelType: 'TEMPGROUP' })
    await say(archive, { msgUID: 'B', channelType: 'PERSON' })
    await deliverMessage(archive, { channelType: 'GROUP', toUserId: 'grp_1' }, OTHER_APP)
    expect(await nameIn(archive)).toBe(',,')
    const query = await signedQuery(OTHER_APP)
    await deliverEvent(
      archive,
      'group-info',
      { groupId: 'grp_1', groupName: 'Theirs', time: FIRST_MS },
      { query },
    )
    expect(await nameIn(archive, `appKey=${OTHER_APP.appKey}`)).toBe('Theirs')
    expect(await nameIn(archive, `appKey=${APP.appKey}`)).toBe(',')
  })

  it('is short, whatever is sent', async () => {
    const archive = await openArchive()
    await say(archive)
    await nameGroup(archive, 'x'.repeat(100_000), 0)
    expect(await nameIn(archive)).toBe('x'.repeat(200))
  })
})

describe('a notice in a group', () => {
  it.each([
    ['Rename', '{"targetGroupName":"新群名"}'],
    ['Create', { targetGroupName: '新群名' }],
  ])('names it by %s', async (operation, data) => {
    const archive = await openArchive()
    await notice(archive, { operation, data }, 5)
    await nameGroup(archive, 'older', 4)
    expect(await nameIn(archive)).toBe('新群名')
    await nameGroup(archive, 'newer', 6)
    expect(await nameIn(archive)).toBe('newer')
  })

  it.each([
    { operation: 'Quit', data: { targetGroupName: 'x' } },
    { data: 'not JSON' },
    { data: { targetGroupName: ' ' } },
    { data: ['x'] },
    {},
  ])('does not name it: %j', async (content) => {
    const archive = await openArchive()
    await notice(archive, content, 0)
    expect(await nameIn(archive)).toBe('')
  })

  it('does not name it when another message has its msgUID', async () => {
    const archive = await openArchive()
    await notice(archive, { data: { targetGroupName: 'first' } }, 0, { msgUID: 'A' })
    await notice(archive, { data: { targetGroupName: 'forged' } }, 9, { msgUID: 'A' })
    expect(await nameIn(archive)).toBe('first')
  })
})

describe('the console', () => {
  const HOSTILE = '<img src=x onerror=alert(1)>\u202e'

  async function named(name = '老顾客福利群') {
    const archive = await openArchive()
    await nameGroup(archive, name, 0)
    await say(archive)
    return { archive, operator: await operatorOf(archive) }
  }

  it.each(['/console', '/console/conversations/1', '/console/search?q=你好', '/console/live'])(
    'calls a group by its name: %s',
    async (path) => {
      const { operator } = await named()
      expect(wordsIn(raw(await operator.page(path)))).toContain('老顾客福利群')
    },
  )

  it('says which group it is, for two may have one name', async () => {
    const { operator } = await named()
    for (const path of ['/console', '/console/conversations/1'])
      expect(wordsIn(raw(await operator.page(path)))).toContain('grp_1')
  })

  it('shows a name as nothing but text', async () => {
    const { operator } = await named(HOSTILE)
    for (const path of ['/console', '/console/conversations/1', '/console/search?q=你好', '/console/live']) {
      const page = await operator.page(path)
      expect(page).toContain('‹U+202E›')
      expect(page).not.toContain('<img')
    }
  })

  it('has it in the file of a conversation', async () => {
    const { archive } = await named()
    const file = await (await get(archive, '/api/v1/export?format=html&conversationId=1')).text()
    expect(file).toContain('<h1>老顾客福利群</h1>')
  })
})
