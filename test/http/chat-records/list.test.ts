import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { KNOWN_OBJECT_NAMES } from '../../../src/rongcloud/message-types/index.ts'
import { OTHER_APP } from '../../support/archive.ts'
import { deliverMessage, get } from '../../support/requests.ts'
import { at, deliverAll, fromSeller, inTurn, list, listedUids, listPath, SENT_MS } from './records.ts'

// Written down from protocol sections 5.5, 5.6 and 5.7, not taken from the code.
const LEFT_OUT = [
  'RC:CmdMsg RC:RcCmd RC:MsgExMsg RC:ReadNtf RC:RRReqMsg RC:RRRspMsg RC:RRMsg RC:RSMsg RC:DRMsg RC:Delivered',
  'RC:SRSMsg RC:TypSts RC:chrmKVNotiMsg RC:ChrmMemChange RC:ChrmSyncMsg RC:ChrmBlockMsg RC:ChrmBanMsg RC:PSCmd',
  'RC:LogCmdMsg RC:InterceptMsg RC:UIUMsg RC:OldMsgNtf RC:CCConfigChangeRequestMsg RC:RLJoin RC:RLQuit RC:RL RC:IWCmdMsg RC:IWStatusMsg',
  'RC:CsHs RC:CsHsR RC:CSCha RC:CsCha RC:CsChaR RC:CsEva RC:CsSp RC:CsEnd RC:CsUpdate RC:CsContact RC:CsEI',
  'RC:CsPLM RC:CsCEI RC:CsPullEva RC:CsLm RC:CsLM RC:CsHM RC:CsDHM',
  'RC:VCInvite RC:VCRinging RC:VCAccept RC:VCHangup RC:VCModifyMedia RC:VCModifyMem',
].flatMap((line) => line.split(' '))

const CONTRACT = [
  'RC:TxtMsg RC:ImgMsg RC:VcMsg RC:ImgTextMsg RC:LBSMsg RC:ContactNtf RC:InfoNtf RC:ProfileNtf RC:CmdNtf',
  'RC:HsMsg RC:SpMsg',
].flatMap((line) => line.split(' '))

const NOT_OURS = ['app:order', 'x', 'RC:FromTheFuture', 'rc:cmdmsg', 'RC:CmdMsg2', '订单']

const ofType = (objectName: string) => ({ objectName, msgUID: objectName, content: '{}' })

describe('an item of list', () => {
  it('has exactly the members of the contract', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { msgUID: 'A' })
    const { items } = await list(archive)
    expect(items).toStrictEqual([
      {
        id: expect.any(Number) as number,
        seller_id: 'a',
        member_id: 1,
        addtime: '2024-12-19 16:00:00',
        cnt: '{"content":"你好"}',
        messageType: 'RC:TxtMsg',
        sender: 'member',
        msg_uid: 'A',
        recalled: false,
      },
    ])
    expect(Number.isSafeInteger(items[0]?.id)).toBe(true)
  })

  it.each([
    [
      'keys out of order and a large integer',
      'RC:TxtMsg',
      '{"z":1,  "content":"x","a":12345678901234567890}',
    ],
    ['escapes', 'RC:TxtMsg', String.raw`{"content":"\u4f60\n\/"}`],
    ['no JSON at all', 'app:note', 'a=1&b=2 100% +\r\n\t'],
    ['emoji and markup', 'app:note', '👋<script>alert(1)</script>'],
    ['nothing', 'app:note', ''],
  ])('has the content as received: %s', async (_what, objectName, content) => {
    const archive = await openArchive()
    await deliverMessage(archive, { objectName, content })
    expect((await list(archive)).items.map((item) => item.cnt)).toEqual([content])
  })
})

describe('the order of list', () => {
  it('is newest first by time of sending, whatever the order of arrival', async () => {
    const archive = await openArchive()
    await deliverAll(archive, [
      { msgUID: 'second', ...at(2) },
      { msgUID: 'fourth', ...at(4) },
      { msgUID: 'first', ...at(1) },
      { msgUID: 'third', ...at(3) },
    ])
    expect(await listedUids(archive)).toEqual(['fourth', 'third', 'second', 'first'])
  })

  it('breaks a tie by id, the later one first', async () => {
    const archive = await openArchive()
    await deliverAll(archive, [
      { msgUID: 'z' },
      fromSeller({ msgUID: 'b' }),
      { msgUID: 'y', channelType: 'MP' },
    ])
    const { items } = await list(archive)
    expect(items.map((item) => item.msg_uid)).toEqual(['y', 'b', 'z'])
    expect(items.map((item) => item.id)).toEqual(items.map((item) => item.id).toSorted((a, b) => b - a))
  })
})

describe('the chat that list shows', () => {
  it('has both directions and says who sent', async () => {
    const archive = await openArchive()
    await deliverAll(archive, [{ msgUID: 'asked', ...at(1) }, fromSeller({ msgUID: 'answered', ...at(2) })])
    const { items } = await list(archive)
    expect(items.map(({ msg_uid, sender }) => [msg_uid, sender])).toEqual([
      ['answered', 'seller'],
      ['asked', 'member'],
    ])
    expect(items.every((item) => item.seller_id === 'a' && item.member_id === 1)).toBe(true)
  })

  it('is one for all one-to-one channel types', async () => {
    const archive = await openArchive()
    const types = ['PERSON', 'CUSTOMERSERVICE', 'NOTIFY', 'MC', 'MP']
    await deliverAll(archive, [
      ...types.map((channelType, i) => ({ channelType, msgUID: `to ${channelType}`, ...at(i) })),
      ...types.map((channelType, i) =>
        fromSeller({ channelType, msgUID: `from ${channelType}`, ...at(9 + i) }),
      ),
    ])
    const expected = [...types.map((type) => `to ${type}`), ...types.map((type) => `from ${type}`)]
    expect(await listedUids(archive)).toEqual(expected.toReversed())
    expect((await list(archive)).meta.totalCount).toBe(10)
  })

  it('has nothing of groups, rooms and unknown kinds, even when their id is that of the seller', async () => {
    const archive = await openArchive()
    const types = ['PERSONS', 'GROUP', 'TEMPGROUP', 'ULTRAGROUP', 'FUTURE']
    await deliverAll(archive, [
      { msgUID: 'shown' },
      ...types.map((channelType) => ({ channelType, msgUID: channelType })),
    ])
    expect(await listedUids(archive)).toEqual(['shown'])
  })

  it('has nothing of other members and other sellers', async () => {
    const archive = await openArchive()
    await deliverAll(archive, [
      { msgUID: 'shown' },
      { msgUID: 'other member', fromUserId: 'u2' },
      { msgUID: 'longer id', fromUserId: 'u11' },
      { msgUID: 'no canonical decimal', fromUserId: 'u01' },
      { msgUID: 'other seller', toUserId: 'shop_b' },
      { msgUID: 'other case', toUserId: 'shop_A' },
      { msgUID: 'neither', toUserId: 'a' },
      { msgUID: 'two members', toUserId: 'u2' },
    ])
    expect(await listedUids(archive)).toEqual(['shown'])
  })

  it('is of the first app unless appKey names another', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { msgUID: 'first' })
    await deliverMessage(archive, { msgUID: 'other' }, OTHER_APP)
    expect(await listedUids(archive)).toEqual(['first'])
    expect(await listedUids(archive, { appKey: '' })).toEqual(['first'])
    expect(await listedUids(archive, { appKey: OTHER_APP.appKey })).toEqual(['other'])
  })
})

describe('the types that list shows', () => {
  it('are all but signalling and status, also of the names that RongCloud may add', async () => {
    const archive = await openArchive()
    const sent = [...KNOWN_OBJECT_NAMES, ...NOT_OURS]
    await deliverAll(archive, sent.map(ofType))
    const shown = sent.filter((name) => !LEFT_OUT.includes(name))
    const { items, meta } = await list(archive, { pageSize: '500' })
    expect(items.map((item) => item.messageType).toSorted()).toEqual(shown.toSorted())
    expect(meta.totalCount).toBe(shown.length)
  })

  it('are signalling and status too when messageType asks for them', async () => {
    const archive = await openArchive()
    await deliverAll(archive, LEFT_OUT.map(ofType))
    expect(await listedUids(archive)).toEqual([])
    const asked = await inTurn(LEFT_OUT, (messageType) => listedUids(archive, { messageType }))
    expect(asked).toEqual(LEFT_OUT.map((name) => [name]))
  })

  it('are always the eleven of the contract', async () => {
    const archive = await openArchive()
    await deliverAll(archive, CONTRACT.map(ofType))
    expect((await listedUids(archive)).toSorted()).toEqual(CONTRACT.toSorted())
  })
})

describe('a message that RongCloud did not deliver', () => {
  it('is not shown to the member who did not send it, however it is asked for', async () => {
    const archive = await openArchive()
    await deliverAll(archive, [
      fromSeller({ msgUID: 'blocked', sensitiveType: '1' }),
      fromSeller({ ...ofType('RC:CmdMsg'), sensitiveType: '1' }),
    ])
    const { items } = (await (await get(archive, '/api/v1/messages')).json()) as { items: { id: number }[] }
    expect(items).toHaveLength(2)
    const ways = [
      {},
      { messageType: 'RC:TxtMsg' },
      { messageType: 'RC:CmdMsg' },
      ...items.map(({ id }) => ({ id: String(id) })),
    ]
    expect(await inTurn(ways, (asked) => listedUids(archive, asked))).toEqual(ways.map(() => []))
    expect((await list(archive)).meta.totalCount).toBe(0)
  })

  it('is shown to the member who sent it', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { msgUID: 'mine', sensitiveType: '1' })
    expect(await listedUids(archive)).toEqual(['mine'])
  })

  it('is not one of which only words were replaced', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, fromSeller({ msgUID: 'replaced', sensitiveType: '2' }))
    expect(await listedUids(archive)).toEqual(['replaced'])
  })
})

describe('the filters of list', () => {
  it('find exactly the record of an id, in this chat alone', async () => {
    const archive = await openArchive()
    await deliverAll(archive, [
      { msgUID: 'other chat', toUserId: 'shop_b' },
      { msgUID: 'A', ...at(1) },
      { msgUID: 'B', ...at(2) },
    ])
    const [b, a] = (await list(archive)).items
    const [other] = (await list(archive, { sellerId: 'b' })).items
    const found = await list(archive, { id: String(a?.id) })
    expect(found.items).toEqual([a])
    expect(found.meta.totalCount).toBe(1)
    expect(await listedUids(archive, { id: String(b?.id) })).toEqual(['B'])
    expect(await listedUids(archive, { id: String(other?.id) })).toEqual([])
    expect(await listedUids(archive, { id: '999999' })).toEqual([])
  })

  it('find one type by its exact name', async () => {
    const archive = await openArchive()
    await deliverAll(archive, ['RC:TxtMsg', 'RC:ImgMsg', 'app:order'].map(ofType))
    expect(await listedUids(archive, { messageType: 'app:order' })).toEqual(['app:order'])
    expect(await listedUids(archive, { messageType: 'RC:TxtMsg' })).toEqual(['RC:TxtMsg'])
    expect(await listedUids(archive, { messageType: 'rc:txtmsg' })).toEqual([])
    expect(await listedUids(archive, { messageType: 'RC:VcMsg' })).toEqual([])
  })

  it('hold together', async () => {
    const archive = await openArchive()
    const types = ['RC:TxtMsg', 'RC:ImgMsg']
    const seconds = [0, 1, 2, 3]
    await deliverAll(
      archive,
      seconds.flatMap((second) =>
        types.map((objectName) => ({
          objectName,
          msgUID: `${objectName} ${second}`,
          msgTimestamp: String(SENT_MS + second * 1000),
        })),
      ),
    )
    const asked = {
      messageType: 'RC:ImgMsg',
      startTime: '2024-12-19 16:00:01',
      endTime: '2024-12-19 16:00:02',
    }
    const page = await list(archive, asked)
    expect(page.items.map((item) => item.msg_uid)).toEqual(['RC:ImgMsg 2', 'RC:ImgMsg 1'])
    expect(page.meta.totalCount).toBe(2)
    const id = String(page.items[1]?.id)
    expect(await listedUids(archive, { ...asked, id })).toEqual(['RC:ImgMsg 1'])
    expect(await listedUids(archive, { ...asked, id, messageType: 'RC:TxtMsg' })).toEqual([])
  })

  it('do nothing when left empty, nor does a parameter that is none of ours', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { msgUID: 'A' })
    const empty = { messageType: '', startTime: '', endTime: '', id: '', appKey: '', nonsense: 'x' }
    expect(await listedUids(archive, empty)).toEqual(['A'])
  })
})

describe('a parameter of list that cannot be read', () => {
  it('is named, with all others, in a 422', async () => {
    const archive = await openArchive()
    const answer = await get(
      archive,
      '/chat-records/list?memberId=x&startTime=soon&endTime=2024-02-30&id=1.5&page=x&pageSize=x',
    )
    expect(answer.status).toBe(422)
    const errors = (await answer.json()) as { field: string; message: string }[]
    expect(errors.map(({ field }) => field).toSorted()).toEqual([
      'endTime',
      'id',
      'memberId',
      'sellerId',
      'startTime',
    ])
    expect(errors).toStrictEqual(
      errors.map(({ field }) => ({ field, message: expect.stringMatching(/\S/) as string })),
    )
  })

  it.each([
    ['memberId', ['', 'x', '-1', '1.5', '1e3', '0x1', ' 1', '9223372036854775808', '1,2']],
    ['sellerId', ['']],
    ['id', ['x', '-1', '1.5', '9007199254740993']],
    ['startTime', ['soon', '2024-02-30', '2024-13-01', '2024-12-19 25:00', '2024-12-19 16:60', '2024/12/19']],
    ['endTime', ['-1', '2024-12', '19-12-2024', '2024-12-19 16', '2024-12-19T16:00+99:00', '1734595200.5']],
  ])('is named: %s', async (field, values) => {
    const archive = await openArchive()
    const answers = await inTurn(values, async (value) => {
      const answer = await get(archive, listPath({ [field]: value }))
      const errors = (await answer.json()) as { field: string }[]
      return [value, answer.status, errors.map((error) => error.field)]
    })
    expect(answers).toEqual(values.map((value) => [value, 422, [field]]))
  })
})
