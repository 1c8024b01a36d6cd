/** The callbacks that bring hostile contents, by size and seed. */
import { createRandom, type Random } from '../simulator/random.ts'
import { AMOUNTS, type Amounts } from './hostile-amounts.ts'
import {
  deep,
  listed,
  unusualContents,
  usualContents,
  wordy,
  type HostileContent,
} from './hostile-contents.ts'
import {
  createMessages,
  eventsOf,
  keptAside,
  MEMBER,
  packet,
  textMessage,
  unreadable,
  type HostileCallback,
} from './hostile-requests.ts'
import { HOSTILE_TEXTS, TEXT_NAMES, type TextName } from './hostile-texts.ts'
import type { Size } from './trial.ts'

// Texts that many messages share: one has a hit at each word, the other grows when it is folded.
const CROWDS = ['repeated', 'growing'] as const satisfies readonly TextName[]
const WHOLE = ['repeated', 'base64', 'one long word'] as const satisfies readonly TextName[]
// Every 50th edit is as large as a message may be.
const LARGE_EDIT_EVERY = 50

/** The ids that these rows have in an empty archive, because the first callbacks below are sent one after the other. */
export const MESSAGE_OF = { edits: 1, packets: 2, voice: 3, notice: 4 }
export const CONVERSATION_OF = { pair: 1, group: 2 }
export const DELIVERY_OF = { otherText: 1, unreadable: 2 }

/** @returns the first ones, to be sent one after the other, and makers of all others in the order to send them */
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
  const unread = () => unreadable(text('repeated', amounts.wholeBytes))
  const edit = (i: number) =>
    message(said('different words', i % LARGE_EDIT_EVERY === 0 ? amounts.bytes : 1000), {
      originalMsgUID: edited.msgUID,
    })

  const contents = [
    ...usualContents(seed).flatMap((usual) => variantsOf(usual, random, amounts)),
    ...unusualContents(seed, edited.msgUID, amounts).map((each) => () => each),
    ...WHOLE.map((name) => () => said(name, amounts.wholeBytes)),
    ...CROWDS.flatMap((name) => times(amounts.crowd, () => () => said(name))),
  ]
  return {
    first: [edited, streamed, message(voice), message(notice), otherText(), unread()],
    others: random.shuffled([
      ...contents.map((make) => () => message(make())),
      ...times(amounts.changes, (i) => () => edit(i)),
      ...times(amounts.changes, (i) => () => message(packet(i + 1, amounts, streamed.msgUID))),
      ...times(amounts.keptAside, () => otherText),
      ...times(amounts.keptAside, () => unread),
      ...eventsOf(amounts).map((each) => () => each),
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

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}
