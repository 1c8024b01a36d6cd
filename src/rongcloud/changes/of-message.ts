import type { MessageChange } from '../../domain/message-change.ts'
import type { Message } from '../../domain/message.ts'
import { editsOf } from './edits.ts'
import { expansionsOf } from './expansion.ts'
import { packetsOf } from './packets.ts'
import { readsOf, receiptRequestsOf, receiptsOf } from './receipts.ts'
import { recallsByNotice, recallsOf } from './recall.ts'

type Reader = (message: Message) => MessageChange[]

const READERS: ReadonlyMap<string, Reader> = new Map([
  ['RC:RcCmd', recallsOf],
  ['RC:RcNtf', recallsByNotice],
  ['RC:MsgExMsg', expansionsOf],
  ['RC:ReadNtf', readsOf],
  ['RC:RRReqMsg', receiptRequestsOf],
  ['RC:RRRspMsg', receiptsOf],
  ['RC:StreamMsg', packetsOf],
])

/** Types of messages that do something to others, besides those that name an original. */
export const SIGNALS = [...READERS.keys()]

/** What a routed message does to others. Most do nothing, and this runs for every one of them. */
export function changesOfMessage(message: Message): MessageChange[] {
  const said = READERS.get(message.objectName)?.(message) ?? []
  return said.length > 0 ? said : editsOf(message)
}
