// Protocol section 5.5: what clients and servers tell each other behind the scenes, and online-only status.
import { z } from 'zod'
import { typesOf } from './message-type.ts'
import type { MessageType } from './message-type.ts'
import { likelyText, linesAt } from './readable-text.ts'
import { recallCommand } from './recall-command.ts'
import {
  anything,
  contentObject,
  fromPhp,
  maybeNumeric,
  maybeString,
  maybeStrings,
  maybeWhole,
  numeric,
  object,
  strings,
  unknownMembers,
  whole,
} from './shared.ts'

const signal = typesOf('signal')
const status = typesOf('status')

const expansion = contentObject({
  mid: z.string(),
  put: object({}).nullish(),
  del: maybeStrings,
  clear: maybeWhole,
})

const readReceipt = contentObject({
  lastMessageSendTime: numeric,
  messageUId: maybeString,
  type: maybeNumeric,
})

const groupReceipt = contentObject({ receiptMessageDic: fromPhp(z.record(z.string(), strings)) })

const chatroomEntry = contentObject({ type: whole, key: z.string(), value: maybeString })

const logOrder = contentObject({
  uri: maybeString,
  logId: maybeString,
  platform: maybeString,
  packageName: maybeString,
  startTime: anything,
  endTime: anything,
})

const RECEIPTS = ['RC:RRMsg', 'RC:RSMsg', 'RC:DRMsg', 'RC:Delivered']
const CHATROOM_SIGNALS = ['RC:ChrmMemChange', 'RC:ChrmSyncMsg', 'RC:ChrmBlockMsg', 'RC:ChrmBanMsg']
const INTERNAL_SIGNALS = ['RC:UIUMsg', 'RC:OldMsgNtf', 'RC:CCConfigChangeRequestMsg']
const LOCATION_SHARING = ['RC:RLJoin', 'RC:RLQuit']
const NAMES_ONLY = [...RECEIPTS, ...CHATROOM_SIGNALS, ...INTERNAL_SIGNALS, ...LOCATION_SHARING]

export const signalTypes: readonly MessageType[] = [
  signal('RC:CmdMsg', contentObject({ name: z.string(), data: z.string() }), linesAt('name')),
  signal('RC:RcCmd', recallCommand),
  signal('RC:MsgExMsg', expansion),
  signal('RC:ReadNtf', readReceipt),
  signal('RC:RRReqMsg', contentObject({ messageUId: z.string() })),
  signal('RC:RRRspMsg', groupReceipt),
  signal('RC:SRSMsg', contentObject({ lastMessageSendTime: numeric })),
  signal('RC:chrmKVNotiMsg', chatroomEntry),
  signal('RC:PSCmd', contentObject({ content: anything, menuItem: anything }), linesAt('content')),
  signal('RC:LogCmdMsg', logOrder),
  ...NAMES_ONLY.map((objectName) => signal(objectName, unknownMembers, likelyText)),
  status('RC:TypSts', contentObject({ typingContentType: z.string(), data: maybeString })),
  status('RC:InterceptMsg', unknownMembers, likelyText),
  status('RC:RL', unknownMembers, likelyText),
]
