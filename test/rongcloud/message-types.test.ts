import { describe, expect, it } from 'vitest'
import {
  KNOWN_OBJECT_NAMES,
  findMessageType,
  isKnownObjectName,
  isListedByDefault,
  senderProfileOf,
  wrappedTypeOf,
} from '../../src/rongcloud/message-types/index.ts'

// Protocol section 5, table by table, and section 15.2.
const NAMES = {
  content: `RC:TxtMsg RC:ImgMsg RC:GIFMsg RC:VcMsg RC:HQVCMsg RC:ImgTextMsg RC:LBSMsg RC:FileMsg RC:SightMsg
    RC:CombineMsg RC:CombineV2Msg RC:ReferenceMsg RC:StreamMsg RC:PSImgTxtMsg RC:PSMultiImgTxtMsg RC:StkMsg RC:CardMsg
    RCJrmf:RpMsg RCJrmf:RpOpendMsg RC:RLStart RC:RLEnd RC:VSTMsg RC:IWNormalMsg RC:IWStorageMsg`,
  notification: `RC:InfoNtf RC:ContactNtf RC:ProfileNtf RC:CmdNtf RC:GrpNtf RC:DizNtf RC:RcNtf`,
  signal: `RC:CmdMsg RC:RcCmd RC:MsgExMsg RC:ReadNtf RC:RRReqMsg RC:RRRspMsg RC:RRMsg RC:RSMsg RC:DRMsg RC:Delivered
    RC:SRSMsg RC:chrmKVNotiMsg RC:ChrmMemChange RC:ChrmSyncMsg RC:ChrmBlockMsg RC:ChrmBanMsg RC:PSCmd RC:LogCmdMsg
    RC:UIUMsg RC:OldMsgNtf RC:CCConfigChangeRequestMsg RC:RLJoin RC:RLQuit RC:IWCmdMsg`,
  status: `RC:TypSts RC:InterceptMsg RC:RL RC:IWStatusMsg`,
  'customer-service': `RC:HsMsg RC:SpMsg RC:CsHs RC:CsHsR RC:CSCha RC:CsCha RC:CsChaR RC:CsEva RC:CsSp RC:CsEnd
    RC:CsUpdate RC:CsContact RC:CsEI RC:CsPLM RC:CsCEI RC:CsPullEva RC:CsLm RC:CsLM RC:CsHM RC:CsDHM`,
  call: `RC:VCInvite RC:VCRinging RC:VCAccept RC:VCHangup RC:VCModifyMedia RC:VCModifyMem RC:VCSummary RC:CallAISummary`,
}

const rows = Object.entries(NAMES).flatMap(([category, names]) =>
  names.split(/\s+/).map((objectName) => ({ objectName, category })),
)

describe('the message types', () => {
  it.each(rows)('count $objectName as $category', ({ objectName, category }) => {
    expect(isKnownObjectName(objectName)).toBe(true)
    expect(findMessageType(objectName)).toMatchObject({ objectName, category })
  })

  it('are those of protocol section 5 and no others', () => {
    expect(KNOWN_OBJECT_NAMES.toSorted()).toEqual(rows.map((row) => row.objectName).toSorted())
  })

  it.each(['app:Order', 'ST:GrpNtf', 'RC:VidMsg', 'rc:txtmsg', 'constructor', '__proto__', ''])(
    'do not include %j',
    (objectName) => {
      expect(isKnownObjectName(objectName)).toBe(false)
      expect(findMessageType(objectName)).toBeUndefined()
    },
  )
})

describe('a list of chat records', () => {
  const contract = `RC:TxtMsg RC:ImgMsg RC:VcMsg RC:ImgTextMsg RC:LBSMsg RC:ContactNtf RC:InfoNtf RC:ProfileNtf RC:CmdNtf
    RC:HsMsg RC:SpMsg`
  const summoned = [
    'RC:VCSummary',
    'RC:CallAISummary',
    'RC:IWNormalMsg',
    'RC:IWStorageMsg',
    'RC:RcNtf',
    'RC:RLStart',
    'RCJrmf:RpMsg',
    'app:Order',
    'RC:NotYetInvented',
    '',
  ]
  const always = [...contract.split(/\s+/), ...summoned]
  const onRequest = [
    'RC:CmdMsg',
    'RC:RcCmd',
    'RC:chrmKVNotiMsg',
    'RC:PSCmd',
    'RC:TypSts',
    'RC:CsHs',
    'RC:VCInvite',
    'RC:IWCmdMsg',
    'RC:IWStatusMsg',
  ]

  it.each(always)('shows %j unasked', (objectName) => expect(isListedByDefault(objectName)).toBe(true))
  it.each(onRequest)('leaves %s out', (objectName) => expect(isListedByDefault(objectName)).toBe(false))

  it('leaves out exactly signalling, status, customer service and calls, but for four', () => {
    const leftOut = rows.filter((row) => !['content', 'notification'].includes(row.category))
    const shown = leftOut.filter((row) => isListedByDefault(row.objectName)).map((row) => row.objectName)
    expect(shown).toEqual(['RC:HsMsg', 'RC:SpMsg', 'RC:VCSummary', 'RC:CallAISummary'])
  })
})

const profileIn = (user: unknown) => senderProfileOf(JSON.stringify({ content: 'hi', user }), 'u1')

describe('the profile of a sender', () => {
  it('is the name and portrait the message carries', () => {
    expect(profileIn({ id: 'u1', name: '小融', portrait: 'https://x/1.png' })).toEqual({
      name: '小融',
      portrait: 'https://x/1.png',
    })
  })

  it.each(['portrait', 'portraitUri', 'icon'])('takes the portrait from %s', (member) => {
    expect(profileIn({ [member]: 'https://x/1.png' })).toEqual({ name: null, portrait: 'https://x/1.png' })
  })

  it('prefers today’s spelling of the portrait, unless it is blank', () => {
    expect(profileIn({ portrait: 'a', portraitUri: 'b', icon: 'c' })?.portrait).toBe('a')
    expect(profileIn({ portrait: '', portraitUri: null, icon: 'c' })?.portrait).toBe('c')
  })

  it('is nothing when the message tells of somebody else', () => {
    expect(profileIn({ id: 'u2', name: '小融' })).toBeNull()
  })

  it.each([{}, null, 'Max', 7, [], { id: 'u1' }, { name: '', icon: ' ' }, { name: 7 }])(
    'is nothing for %j',
    (user) => {
      expect(profileIn(user)).toBeNull()
    },
  )

  it.each(['', 'plain "user" text', '["user"]', '"user"', '{"user"'])(
    'is nothing for content %j',
    (content) => {
      expect(senderProfileOf(content, 'u1')).toBeNull()
    },
  )
})

describe('the type of a message in a wrapper', () => {
  it.each(['RC:IWNormalMsg', 'RC:IWStorageMsg', 'RC:IWCmdMsg', 'RC:IWStatusMsg'])(
    'of %s is its msgType',
    (name) => {
      expect(wrappedTypeOf(name, '{"msgType":"shop:Order","msgFields":{}}')).toBe('shop:Order')
    },
  )

  it.each(['', 'text', '[]', '{}', '{"msgType":7}', '{"msgType":" "}', '{"msgType":null}'])(
    'is nothing of content %j',
    (content) => {
      expect(wrappedTypeOf('RC:IWNormalMsg', content)).toBeNull()
    },
  )

  it('is nothing of a message in no wrapper', () => {
    expect(wrappedTypeOf('app:Order', '{"msgType":"shop:Order"}')).toBeNull()
    expect(wrappedTypeOf('RC:TxtMsg', '{"content":"hi","msgType":"shop:Order"}')).toBeNull()
  })
})
