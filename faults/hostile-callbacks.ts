/** The callbacks that bring hostile contents: messages, changes of one message, events, and what is kept aside. */
import { uidOf } from '../bench/traffic.ts'
import { createRandom, type Random } from '../simulator/random.ts'
import { formRequest, jsonRequest, type CallbackRequest } from '../simulator/wire.ts'
import {
  deep,
  idsOf,
  listed,
  others,
  usualContents,
  wordy,
  type HostileContent,
  type Largest,
} from './hostile-contents.ts'
import { HOSTILE_TEXTS, TEXT_NAMES, type TextName } from './hostile-texts.ts'
import type { Size } from './trial.ts'

/** `msgUID`: null when no message comes of it. */
export type HostileCallback = { request: CallbackRequest; msgUID: string | null; objectName: string }

type Amounts = Largest & {
  /** Of a message that fills a body. */
  wholeBytes: number
  textsOfEach: number
  /** Messages of one text, as many as make a search go through megabytes. */
  crowd: number
  changes: number
  keptAside: number
}

const AMOUNTS: Record<Size, Amounts> = {
  full: {
    bytes: 120_000,
    elements: 10_000,
    wholeBytes: 950_000,
    textsOfEach: TEXT_NAMES.length,
    crowd: 300,
    changes: 10_000,
    keptAside: 50,
  },
  short: {
    bytes: 120_000,
    elements: 10_000,
    wholeBytes: 950_000,
    textsOfEach: 2,
    crowd: 100,
    changes: 2000,
    keptAside: 20,
  },
  test: {
    bytes: 3000,
    elements: 300,
    wholeBytes: 30_000,
    textsOfEach: 1,
    crowd: 3,
    changes: 50,
    keptAside: 3,
  },
}

// With these everybody can fill a search: one that has a hit at each word, one that grows.
const CROWDS = ['repeated', 'growing'] as const satisfies readonly TextName[]
const WHOLE = ['repeated', 'base64', 'one long word'] as const satisfies readonly TextName[]
// One edit of so many is as large as a message may be.
const LARGE_EDIT_EVERY = 50

export const MEMBER = '900000077'
export const SELLER = 'shop77'
export const GROUP = 'group77'

// Far from the ordinary ones, so that their ids are their own.
const UIDS_FROM = 10_000_000
const START_MS = Date.parse('2025-06-01T00:00:00Z')

/** Ids of the archive's rows when the first callbacks are its first: what questions are about. */
export const MESSAGE_OF = { edits: 1, packets: 2, voice: 3, notice: 4 }
export const CONVERSATION_OF = { pair: 1, group: 2 }
export const DELIVERY_OF = { otherText: 1, unreadable: 2 }

/** @returns first those with an id of their own above, to be sent one after the other; then all the others */
export function hostileCallbacks(
  size: Size,
  seed: number,
): { first: HostileCallback[]; others: (() => HostileCallback)[] } {
  const random = createRandom(seed)
  const amounts = AMOUNTS[size]
  const message = createMessages()
  const text = (name: TextName, bytes: number) => HOSTILE_TEXTS[name](random, bytes)
  const said = (name: TextName, bytes = amounts.bytes) => textMessage(text(name, bytes))

  const edited = message(said('repeated'))
  const streamed = message(packet(0, amounts))
  const voice = {
    objectName: 'RC:VcMsg',
    content: JSON.stringify({ content: text('base64', amounts.bytes), duration: 60 }),
  }
  const notice = {
    objectName: 'RC:GrpNtf',
    content: JSON.stringify({ operatorUserId: MEMBER, operation: 'Add' }),
  }
  const otherText = () => keptAside(edited.msgUID, said('Chinese'))
  const unreadable = (): HostileCallback => ({
    request: formRequest('/callbacks/messages', { fromUserId: text('repeated', amounts.wholeBytes) }),
    msgUID: null,
    objectName: '',
  })
  const edit = (i: number) =>
    message(said('different words', i % LARGE_EDIT_EVERY === 0 ? amounts.bytes : 1000), {
      originalMsgUID: edited.msgUID,
    })

  const contents = [
    ...usualContents(seed).flatMap((usual) => variantsOf(usual, random, amounts)),
    ...others(seed, edited.msgUID, amounts).map((each) => () => each),
    ...WHOLE.map((name) => () => said(name, amounts.wholeBytes)),
    ...CROWDS.flatMap((name) => times(amounts.crowd, () => () => said(name))),
  ]
  return {
    first: [edited, streamed, message(voice), message(notice), otherText(), unreadable()],
    others: random.shuffled([
      ...contents.map((make) => () => message(make())),
      ...times(amounts.changes, (i) => () => edit(i)),
      ...times(amounts.changes, (i) => () => message(packet(i + 1, amounts, streamed.msgUID))),
      ...times(amounts.keptAside, () => otherText),
      ...times(amounts.keptAside, () => unreadable),
      ...eventsOf(amounts).map((request) => () => ({ request, msgUID: null, objectName: '' })),
    ]),
  }
}

function variantsOf(usual: HostileContent, random: Random, amounts: Amounts): (() => HostileContent)[] {
  const isObject = usual.content.startsWith('{')
  const names = random.shuffled(TEXT_NAMES).slice(0, amounts.textsOfEach)
  if (!isObject) return [() => usual]
  return [
    ...names.map((name) => () => wordy(usual, HOSTILE_TEXTS[name], random, amounts)),
    () => listed(usual, amounts),
    () => deep(usual, amounts),
  ]
}

function createMessages() {
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

function textMessage(text: string): HostileContent {
  return { objectName: 'RC:TxtMsg', content: JSON.stringify({ content: text }) }
}

/** Another text under a known `msgUID`: a conflict, until somebody says that it is an edit. */
function keptAside(msgUID: string, content: HostileContent): HostileCallback {
  const same = { channelType: 'PERSON', toUserId: SELLER, msgTimestamp: String(START_MS) }
  return { request: messageRequest(content, msgUID, same), msgUID: null, objectName: '' }
}

function packet(seq: number, { changes }: Amounts, first?: string): HostileContent {
  const words = `packet ${seq} of a long answer, `.repeat(3)
  const place = { seq, complete: seq === changes, ...(first !== undefined && { messageUID: first }) }
  return { objectName: 'RC:StreamMsg', content: JSON.stringify({ content: words, ...place }) }
}

/** A list of many events, and one event of many users. */
function eventsOf({ elements }: Amounts): CallbackRequest[] {
  const status = { status: '1', os: 'iOS', time: START_MS, clientIp: '203.0.113.7:51234' }
  const room = { chatRoomId: 'room77', status: 0, type: 1, time: START_MS }
  return [
    jsonRequest(
      '/callbacks/online-status',
      idsOf('user', elements / 2).map((userid) => Object.assign({ userid }, status)),
    ),
    jsonRequest('/callbacks/chatroom-status', [{ ...room, userIds: idsOf('user', elements) }]),
  ]
}

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}
