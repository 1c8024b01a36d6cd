import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { findMessageType, KNOWN_OBJECT_NAMES } from '../../../src/rongcloud/message-types/index.ts'
import type { ArchiveUnderTest } from '../../support/archive.ts'
import { bearer, getJson, memberToken } from '../../support/requests.ts'
import { create, createdId, inTurn } from './records.ts'

const HAPPENINGS = ['RC:RLStart', 'RC:RLEnd', 'RC:VSTMsg']
const RC_NAMES = KNOWN_OBJECT_NAMES.filter((name) => name.startsWith('RC:'))
const isContent = (name: string) => findMessageType(name)?.category === 'content'

const tokenOfOne = async () => bearer(await memberToken({ memberId: 1 }))

/** Fields that a member is told are wrong when they write each type with content that fits nothing. */
async function wrongFields(archive: ArchiveUnderTest, types: readonly string[]) {
  const headers = await tokenOfOne()
  return inTurn(types, async (messageType) => {
    const answer = await create(archive, { messageType, cnt: '[]' }, headers)
    const { errors } = (await answer.json()) as { errors?: { field: string; message: string }[] }
    return [messageType, answer.status, errors?.[0]?.field]
  })
}

describe('a member', () => {
  it('writes user content, as far as it fits its type', async () => {
    const written = RC_NAMES.filter((name) => isContent(name) && !HAPPENINGS.includes(name))
    // Any text fits it.
    const types = written.filter((name) => name !== 'RC:TxtMsg')
    expect(types).toEqual(expect.arrayContaining(['RC:ImgMsg', 'RC:ReferenceMsg', 'RC:LBSMsg']))
    expect(await wrongFields(await openArchive(), types)).toEqual(types.map((type) => [type, 422, 'cnt']))
  })

  it('writes no notice, signal, receipt, call or anything else', async () => {
    const types = RC_NAMES.filter((name) => !isContent(name)).concat(HAPPENINGS)
    expect(types).toEqual(
      expect.arrayContaining(['RC:InfoNtf', 'RC:GrpNtf', 'RC:RcNtf', 'RC:CmdMsg', 'RC:ReadNtf', 'RC:HsMsg']),
    )
    const archive = await openArchive()
    expect(await wrongFields(archive, types)).toEqual(types.map((type) => [type, 422, 'messageType']))
    expect(await getJson(archive, '/api/v1/messages')).toMatchObject({ items: [] })
  })

  it('is told which type it is', async () => {
    const given = { messageType: 'RC:InfoNtf', cnt: '{"message":"您的账户已被冻结"}' }
    const answer = await create(await openArchive(), given, await tokenOfOne())
    expect([answer.status, await answer.json()]).toMatchObject([
      422,
      {
        result: 'error',
        errors: [{ field: 'messageType', message: expect.stringContaining('RC:InfoNtf') as string }],
      },
    ])
  })

  it('writes the app’s own types, and none of RongCloud’s that are named among them', async () => {
    const archive = await openArchive({ CUSTOM_MESSAGE_TYPES: 'app:gift,RC:InfoNtf,RC:FromTheFuture' })
    const headers = await tokenOfOne()
    const types = ['app:gift', 'RC:FromTheFuture', 'RC:InfoNtf', 'app:order']
    const statuses = await inTurn(types, async (messageType) => {
      const answer = await create(archive, { messageType, cnt: '{"message":"x"}' }, headers)
      return [messageType, answer.status]
    })
    expect(statuses).toEqual([
      ['app:gift', 200],
      ['RC:FromTheFuture', 200],
      ['RC:InfoNtf', 422],
      ['app:order', 422],
    ])
  })
})

describe('a back end', () => {
  it('writes notices too, which name no group', async () => {
    const archive = await openArchive()
    await createdId(archive, { messageType: 'RC:InfoNtf', cnt: '{"message":"x"}' })
    const data = { targetGroupName: 'renamed' }
    const cnt = JSON.stringify({ operatorUserId: 'u1', operation: 'Rename', data, message: 'x' })
    await createdId(archive, { messageType: 'RC:GrpNtf', cnt })
    expect(await getJson(archive, '/api/v1/conversations')).toMatchObject({ items: [{ name: null }] })
  })
})
