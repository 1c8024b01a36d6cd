import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { bearer, deliverMessage, getJson, memberToken, post } from '../../support/requests.ts'
import { at, chatList, deliverAll, fromSeller, inTurn, list, listedUids, remove } from './records.ts'

type Failure = { result: string; message: string; errors?: { field: string; message: string }[] }

const ERROR = { result: 'error', message: expect.stringMatching(/\S/) as string }

async function idOf(archive: ArchiveUnderTest, msgUID: string): Promise<number> {
  const { items } = await getJson<{ items: { id: number }[] }>(archive, `/api/v1/messages?msgUID=${msgUID}`)
  return items[0]?.id ?? 0
}

const chatLine = async (archive: ArchiveUnderTest) => (await chatList(archive)).map((line) => line.cnt)

async function notFound(answer: Response) {
  expect(answer.status).toBe(404)
  expect(await answer.json()).toStrictEqual(ERROR)
}

/** Three texts `one`, `two`, `three`, a second apart; content and `msgUID` are the same. */
async function archiveOfThree() {
  const archive = await openArchive()
  await deliverAll(archive, [
    { msgUID: 'one', content: 'one', ...at(1000) },
    fromSeller({ msgUID: 'two', content: 'two', ...at(2000) }),
    { msgUID: 'three', content: 'three', channelType: 'NOTIFY', ...at(3000) },
  ])
  return archive
}

describe('a deleted record', () => {
  it('is gone from list, whoever sent it', async () => {
    const archive = await archiveOfThree()
    const answer = await remove(archive, await idOf(archive, 'two'))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toStrictEqual({
      result: 'success',
      message: expect.stringMatching(/\S/) as string,
    })
    expect(await listedUids(archive)).toEqual(['three', 'one'])
    await remove(archive, await idOf(archive, 'three'))
    expect(await listedUids(archive)).toEqual(['one'])
  })

  it('is gone however it is asked for, and from the totals', async () => {
    const archive = await archiveOfThree()
    const id = await idOf(archive, 'two')
    await remove(archive, id)
    const ways = [
      [{}, 2],
      [{ id: String(id) }, 0],
      [{ messageType: 'RC:TxtMsg' }, 2],
      [{ startTime: '2024-12-19 16:00:02' }, 1],
      [{ startTime: '2024-12-19 16:00:02', endTime: '2024-12-19 16:00:02' }, 0],
    ] as const
    const found = await inTurn(ways, async ([asked]) => {
      const { items, meta } = await list(archive, asked)
      return [items.length, meta.totalCount]
    })
    expect(found).toEqual(ways.map(([, count]) => [count, count]))
  })

  it('is gone for good when it was a signal, shown only when asked for', async () => {
    const archive = await openArchive()
    await deliverAll(archive, [
      { msgUID: 'text', content: 'text' },
      { msgUID: 'signal', objectName: 'RC:CmdMsg' },
    ])
    expect((await remove(archive, await idOf(archive, 'signal'))).status).toBe(200)
    expect(await listedUids(archive, { messageType: 'RC:CmdMsg' })).toEqual([])
    expect(await listedUids(archive)).toEqual(['text'])
    expect((await list(archive)).meta.totalCount).toBe(1)
    expect(await chatLine(archive)).toEqual(['text'])
  })

  it('does not come back when RongCloud delivers it again', async () => {
    const archive = await archiveOfThree()
    await remove(archive, await idOf(archive, 'one'))
    await deliverMessage(archive, { msgUID: 'one', content: 'one', ...at(1000) })
    expect(await listedUids(archive)).toEqual(['three', 'two'])
  })

  it('stays in the archive, with what happened to it', async () => {
    const archive = await archiveOfThree()
    const id = await idOf(archive, 'two')
    const before = await getJson(archive, `/api/v1/messages/${id}`)
    expect(before).toMatchObject({ content: 'two', changes: [] })
    await remove(archive, id)
    const deletion = {
      kind: 'delete',
      byUserId: 'u1',
      atMs: archive.clock.nowMs,
      receivedAtMs: archive.clock.nowMs,
      origin: 'rest',
    }
    expect(await getJson(archive, `/api/v1/messages/${id}`)).toMatchObject({
      id,
      content: 'two',
      changes: [deletion],
    })
  })

  it('is not the one of the same msgUID in another app', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { msgUID: 'twin' }, OTHER_APP)
    await deliverMessage(archive, { msgUID: 'twin' })
    const [own] = (await list(archive)).items
    await remove(archive, own?.id ?? 0)
    expect((await list(archive)).items).toEqual([])
    expect((await list(archive, { appKey: OTHER_APP.appKey })).items).toHaveLength(1)
  })

  it('can be deleted again, which changes nothing', async () => {
    const archive = await archiveOfThree()
    const id = await idOf(archive, 'two')
    const first = await (await remove(archive, id)).json()
    const detail = await getJson(archive, `/api/v1/messages/${id}`)
    archive.clock.nowMs += 60_000
    const again = await remove(archive, id)
    expect(again.status).toBe(200)
    expect(await again.json()).toMatchObject({ result: 'success' })
    expect(first).toMatchObject({ result: 'success' })
    expect(await getJson(archive, `/api/v1/messages/${id}`)).toEqual(detail)
    expect((await list(archive)).meta.totalCount).toBe(2)
  })

  it('is counted once when it is deleted many times at once', async () => {
    const archive = await archiveOfThree()
    const id = await idOf(archive, 'two')
    const answers = await Promise.all(Array.from({ length: 8 }, () => remove(archive, id)))
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200))
    expect((await list(archive)).meta.totalCount).toBe(2)
    expect((await getJson<{ changes: unknown[] }>(archive, `/api/v1/messages/${id}`)).changes).toHaveLength(1)
  })
})

describe('chat-list after a deletion', () => {
  it('shows the record before', async () => {
    const archive = await archiveOfThree()
    await remove(archive, await idOf(archive, 'three'))
    expect(await chatLine(archive)).toEqual(['two'])
    await remove(archive, await idOf(archive, 'one'))
    expect(await chatLine(archive)).toEqual(['two'])
  })

  it('has no line when nothing is left, and one again when something comes', async () => {
    const archive = await archiveOfThree()
    const ids = await inTurn(['one', 'two', 'three'], (uid) => idOf(archive, uid))
    await inTurn(ids, (id) => remove(archive, id))
    expect(await chatLine(archive)).toEqual([])
    // Older than all that were deleted.
    await deliverMessage(archive, { msgUID: 'late', content: 'late', ...at(0) })
    expect(await chatLine(archive)).toEqual(['late'])
    expect((await list(archive)).meta.totalCount).toBe(1)
  })

  it('falls back by time of sending, not by order of arrival', async () => {
    const archive = await archiveOfThree()
    await deliverMessage(archive, { msgUID: 'late', content: 'late', ...at(1500) })
    await remove(archive, await idOf(archive, 'three'))
    expect(await chatLine(archive)).toEqual(['two'])
    await remove(archive, await idOf(archive, 'two'))
    expect(await chatLine(archive)).toEqual(['late'])
  })

  it('falls back to the later of two of one time', async () => {
    const archive = await openArchive()
    await deliverAll(
      archive,
      ['x', 'y', 'z'].map((uid) => ({ msgUID: uid, content: uid })),
    )
    await remove(archive, await idOf(archive, 'z'))
    expect(await chatLine(archive)).toEqual(['y'])
  })

  it('passes over what is never shown', async () => {
    const archive = await archiveOfThree()
    await deliverAll(archive, [
      { msgUID: 'signal', objectName: 'RC:CmdMsg', ...at(2500) },
      fromSeller({ msgUID: 'blocked', sensitiveType: '1', ...at(2600) }),
    ])
    await remove(archive, await idOf(archive, 'three'))
    expect(await chatLine(archive)).toEqual(['two'])
  })
})

describe('delete finds no record', () => {
  it('that is not there', async () => {
    const archive = await archiveOfThree()
    await notFound(await remove(archive, 999_999))
    await notFound(await remove(archive, 0))
    expect((await list(archive)).meta.totalCount).toBe(3)
  })

  it('of another member', async () => {
    const archive = await archiveOfThree()
    const id = await idOf(archive, 'two')
    await notFound(await remove(archive, id, { memberId: '2' }))
    const token = await memberToken({ memberId: 2 })
    await notFound(await remove(archive, id, { memberId: '2' }, bearer(token)))
    expect((await list(archive)).meta.totalCount).toBe(3)
    expect(await getJson(archive, `/api/v1/messages/${id}`)).toMatchObject({ changes: [] })
  })

  it('of another app unless appKey names it', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { msgUID: 'other' }, OTHER_APP)
    const id = await idOf(archive, 'other')
    await notFound(await remove(archive, id))
    const asked = { appKey: OTHER_APP.appKey }
    expect((await list(archive, asked)).items).toHaveLength(1)
    expect((await remove(archive, id, asked)).status).toBe(200)
    expect((await list(archive, asked)).items).toEqual([])
  })

  it('in a group, or one that the member was never shown', async () => {
    const archive = await openArchive()
    await deliverAll(archive, [
      { msgUID: 'group', channelType: 'GROUP' },
      fromSeller({ msgUID: 'blocked', sensitiveType: '1' }),
    ])
    const ids = await inTurn(['group', 'blocked'], (uid) => idOf(archive, uid))
    expect(ids).not.toContain(0)
    await inTurn(ids, async (id) => notFound(await remove(archive, id)))
  })
})

describe('a request to delete', () => {
  it('may be JSON', async () => {
    const archive = await archiveOfThree()
    const body = JSON.stringify({ memberId: 1, id: await idOf(archive, 'two') })
    expect((await post(archive, '/chat-records/delete', body)).status).toBe(200)
    expect(await listedUids(archive)).toEqual(['three', 'one'])
  })

  it.each([
    ['', ['memberId', 'id']],
    ['{"memberId":"x","id":-1}', ['memberId', 'id']],
    ['{"memberId":1,"id":1.5}', ['id']],
    ['{"memberId":1,"id":1', ['body']],
    ['[]', ['body']],
  ])('has every wrong field named: %s', async (body, fields) => {
    const archive = await openArchive()
    const answer = await post(archive, '/chat-records/delete', body)
    expect(answer.status).toBe(422)
    const { result, message, errors } = (await answer.json()) as Failure
    expect(result).toBe('error')
    expect(message).toMatch(/\S/)
    expect(errors?.map(({ field }) => field)).toEqual(fields)
  })

  it.each([
    [401, {}],
    [401, bearer('nobody')],
    [403, bearer(KEYS.read)],
    [403, bearer(KEYS.write)],
  ])('is refused with %i to whoever may not delete', async (status, headers) => {
    const archive = await archiveOfThree()
    const answer = await remove(archive, await idOf(archive, 'two'), {}, headers)
    expect(answer.status).toBe(status)
    expect(await answer.json()).toStrictEqual(ERROR)
    expect((await list(archive)).meta.totalCount).toBe(3)
  })

  it('shows in the state of the message, in lists too', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { msgUID: 'A' })
    await deliverMessage(archive, { msgUID: 'B' })
    const [message] = (await getJson<{ items: { id: number }[] }>(archive, '/api/v1/messages?msgUID=A')).items
    await post(archive, '/chat-records/delete', { memberId: '1', id: String(message?.id) })
    const { items } = await getJson<{ items: { msgUID: string; state: { deletedBy: string[] } }[] }>(
      archive,
      '/api/v1/messages',
    )
    expect(new Map(items.map(({ msgUID, state }) => [msgUID, state.deletedBy]))).toEqual(
      new Map([
        ['A', ['u1']],
        ['B', []],
      ]),
    )
  })
})
