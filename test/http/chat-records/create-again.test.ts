import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { KEYS } from '../../support/archive.ts'
import { bearer, memberToken, post } from '../../support/requests.ts'
import { create, createdId, inTurn, list } from './records.ts'

const withKey = (key: string, credential: string = KEYS.all) => ({
  ...bearer(credential),
  'Idempotency-Key': key,
})

describe('an Idempotency-Key', () => {
  it('makes a repeat harmless: it answers as the first did', async () => {
    const archive = await openArchive()
    const first = await (await create(archive, {}, withKey('k'))).json()
    archive.clock.nowMs += 60_000
    const again = await create(archive, {}, withKey('k'))
    expect(again.status).toBe(200)
    expect(await again.json()).toEqual(first)
    const { items } = await list(archive)
    expect(items.map((item) => item.addtime)).toEqual(['2024-12-20 08:00:00'])
  })

  it('knows the same message in another form', async () => {
    const archive = await openArchive()
    const given = { memberId: 1, sellerId: 'a', messageType: 'RC:TxtMsg', cnt: 'hi', sender: 'member' }
    const answer = await post(archive, '/chat-records/create', JSON.stringify(given), withKey('k'))
    expect(await answer.json()).toMatchObject({ id: await createdId(archive, { cnt: 'hi' }, withKey('k')) })
    expect((await list(archive)).meta.totalCount).toBe(1)
  })

  it('knows a message again that no database can keep to the letter', async () => {
    const archive = await openArchive()
    const half = String.raw`{"memberId":1,"sellerId":"a","messageType":"RC:TxtMsg","cnt":"\ud800"}`
    const first = await (await post(archive, '/chat-records/create', half, withKey('k'))).json()
    const again = await post(archive, '/chat-records/create', half, withKey('k'))
    expect(again.status).toBe(200)
    expect(await again.json()).toEqual(first)
  })

  it('makes repeats harmless that come at the same moment', async () => {
    const archive = await openArchive()
    const ids = await Promise.all(Array.from({ length: 10 }, () => createdId(archive, {}, withKey('k'))))
    expect(new Set(ids).size).toBe(1)
    expect((await list(archive)).items.map((item) => item.id)).toEqual(ids.slice(0, 1))
  })

  it.each([
    ['cnt', 'other'],
    ['messageType', 'RC:InfoNtf'],
    ['memberId', '2'],
    ['sellerId', 'b'],
    ['sender', 'seller'],
  ])('is refused with another %s, and nothing changes', async (name, value) => {
    const archive = await openArchive()
    const given = { cnt: 'hi', messageType: 'RC:TxtMsg' }
    const id = await createdId(archive, given, withKey('k'))
    const answer = await create(archive, { ...given, [name]: value }, withKey('k'))
    expect(answer.status).toBe(422)
    expect(await answer.json()).toMatchObject({ result: 'error', errors: [{ field: 'Idempotency-Key' }] })
    expect((await list(archive)).items).toMatchObject([{ id, cnt: 'hi', sender: 'member' }])
    const elsewhere = [{ memberId: '2' }, { sellerId: 'b' }, { memberId: '2', sellerId: 'b' }]
    const found = await inTurn(elsewhere, async (asked) => (await list(archive, asked)).items)
    expect(found).toEqual([[], [], []])
  })

  it('that was refused can be used for the corrected message', async () => {
    const archive = await openArchive()
    expect((await create(archive, { messageType: 'RC:Nope' }, withKey('k'))).status).toBe(422)
    expect(await createdId(archive, {}, withKey('k'))).toBeGreaterThan(0)
  })

  it('belongs to the API key that chose it', async () => {
    const archive = await openArchive()
    const one = await createdId(archive, {}, withKey('k'))
    const other = await createdId(archive, {}, withKey('k', KEYS.write))
    expect(other).not.toBe(one)
    expect((await list(archive)).meta.totalCount).toBe(2)
  })

  it('belongs to the member that chose it', async () => {
    const archive = await openArchive({
      API_KEYS: `1:${KEYS.write}:write,reader:${KEYS.read}:read`,
    })
    const byKey = await createdId(archive, {}, withKey('k', KEYS.write))
    const ones = await createdId(archive, {}, withKey('k', await memberToken({ memberId: 1 })))
    const twos = await createdId(archive, { memberId: '2' }, withKey('k', await memberToken({ memberId: 2 })))
    expect(new Set([byKey, ones, twos]).size).toBe(3)
    // A token is renewed; its member stays the same.
    const renewed = await memberToken({ memberId: 1, jti: 'another' })
    expect(await createdId(archive, {}, withKey('k', renewed))).toBe(ones)
  })

  it('of another name makes another message, and so does an empty one', async () => {
    const archive = await openArchive()
    const ids = await inTurn(['k', 'K', 'k ', '', ''], (key) => createdId(archive, {}, withKey(key)))
    // Blanks around a header's value are no part of it.
    expect(ids[2]).toBe(ids[0])
    expect(new Set(ids).size).toBe(4)
  })
})
