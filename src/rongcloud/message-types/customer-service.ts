// Protocol section 5.6: the retired customer service (客服). Only the names of most members are known, so only what
// the protocol gives a type is judged.
import { typesOf } from './message-type.ts'
import type { MessageType } from './message-type.ts'
import { likelyText, linesAt } from './readable-text.ts'
import { anything, contentObject, maybeFlag, maybeWhole, object, unknownMembers } from './shared.ts'

const type = typesOf('customer-service')

const session = contentObject({ uid: anything, sid: anything, pid: anything })

const handshakeResult = contentObject({
  msg: anything,
  status: maybeWhole,
  data: object({}).nullish(),
})

const evaluation = contentObject({
  uid: anything,
  sid: anything,
  pid: anything,
  source: maybeWhole,
  suggest: anything,
  isresolve: maybeFlag,
  type: anything,
})

const contactDetails = contentObject({
  page: anything,
  nickName: anything,
  routingInfo: anything,
  info: anything,
  requestInfo: anything,
})

const NAMES_ONLY = [
  'RC:CsEI',
  'RC:CsPLM',
  'RC:CsCEI',
  'RC:CsPullEva',
  // Some SDKs have the capital M.
  'RC:CsLm',
  'RC:CsLM',
  'RC:CsHM',
  'RC:CsDHM',
]

export const customerServiceTypes: readonly MessageType[] = [
  type('RC:HsMsg', unknownMembers),
  type('RC:SpMsg', unknownMembers),
  type('RC:CsHs', contentObject({ requestInfo: anything, userInfo: anything })),
  type('RC:CsHsR', handshakeResult, linesAt('msg')),
  type('RC:CSCha', session),
  // Every SDK read has the capital S; the other spelling is documented.
  type('RC:CsCha', session),
  type('RC:CsChaR', contentObject({ code: anything, data: anything, msg: anything }), linesAt('msg')),
  type('RC:CsEva', evaluation, linesAt('suggest')),
  type('RC:CsSp', session),
  type('RC:CsEnd', contentObject({ code: anything, msg: anything, sid: anything }), linesAt('msg')),
  type('RC:CsUpdate', contentObject({ serviceStatus: anything, sid: anything })),
  type('RC:CsContact', contactDetails, linesAt('nickName')),
  ...NAMES_ONLY.map((objectName) => type(objectName, unknownMembers, likelyText)),
]
