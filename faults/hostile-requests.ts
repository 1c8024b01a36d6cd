/** How hostile contents reach the archive: as messages, packets and events, or as what is kept aside. */
import { uidOf } from '../bench/traffic.ts'
import { formRequest, jsonRequest, type CallbackRequest } from '../simulator/wire.ts'
import type { Amounts } from './hostile-amounts.ts'
import { idsOf, type HostileContent } from './hostile-contents.ts'

/** `msgUID`: null when no message comes of it. */
export type HostileCallback = { request: CallbackRequest; msgUID: string | null; objectName: string }

export const MEMBER = '900000077'
export const SELLER = 'shop77'
export const GROUP = 'group77'

// Far from the numbers of ordinary messages, so that their msgUIDs differ.
const UIDS_FROM = 10_000_000
const START_MS = Date.parse('2025-06-01T00:00:00Z')

/** Makes the function that turns contents into messages, each with a msgUID and a time of its own. */
export function createMessages() {
  let next = 0
  return (
    { objectName, content }: HostileContent,
    more: Record<string, string> = {},
  ): HostileCallback & { msgUID: string } => {
    const number = next++
    const msgUID = uidOf(UIDS_FROM + number)
    const isOfGroup = objectName === 'RC:GrpNtf'
    const request = messageRequest({ objectName, content }, msgUID, {
      channelType: isOfGroup ? 'GROUP' : 'PERSON',
      toUserId: isOfGroup ? GROUP : SELLER,
      msgTimestamp: String(START_MS + number * 1000),
      ...more,
    })
    return { request, msgUID, objectName }
  }
}

function messageRequest(
  { objectName, content }: HostileContent,
  msgUID: string,
  more: Record<string, string>,
): CallbackRequest {
  const fields = { fromUserId: MEMBER, objectName, content, msgUID, sensitiveType: '0', source: 'iOS' }
  return formRequest('/callbacks/messages', { ...fields, ...more })
}

export function textMessage(text: string): HostileContent {
  return { objectName: 'RC:TxtMsg', content: JSON.stringify({ content: text }) }
}

/** Another text under the msgUID of the first message: a conflict, until an operator says that it is an edit. */
export function keptAside(msgUID: string, content: HostileContent): HostileCallback {
  const same = { channelType: 'PERSON', toUserId: SELLER, msgTimestamp: String(START_MS) }
  return { request: messageRequest(content, msgUID, same), msgUID: null, objectName: '' }
}

/** A signed body that is no message. */
export function unreadable(text: string): HostileCallback {
  return { request: formRequest('/callbacks/messages', { fromUserId: text }), msgUID: null, objectName: '' }
}

export function packet(seq: number, { changes }: Pick<Amounts, 'changes'>, first?: string): HostileContent {
  const words = `packet ${seq} of a long answer, `.repeat(3)
  const place = { seq, complete: seq === changes, ...(first !== undefined && { messageUID: first }) }
  return { objectName: 'RC:StreamMsg', content: JSON.stringify({ content: words, ...place }) }
}

/** A list of many events, and one event of many users. */
export function eventsOf({ elements }: Pick<Amounts, 'elements'>): HostileCallback[] {
  const status = { status: '1', os: 'iOS', time: START_MS, clientIp: '203.0.113.7:51234' }
  const room = { chatRoomId: 'room77', status: 0, type: 1, time: START_MS }
  const requests = [
    jsonRequest(
      '/callbacks/online-status',
      idsOf('user', elements / 2).map((userid) => Object.assign({ userid }, status)),
    ),
    jsonRequest('/callbacks/chatroom-status', [{ ...room, userIds: idsOf('user', elements) }]),
  ]
  return requests.map((request) => ({ request, msgUID: null, objectName: '' }))
}
