// A text that was streamed (protocol section 15.4), joined from its packets.
import { memberOf, parseJson } from './readable-text.ts'

export const STREAM = 'RC:StreamMsg'

export type Stream = {
  text: string
  /** How many packets it was joined from; one that came twice counts once. */
  packets: number
  /** The last packet has come, and none before it is missing. */
  isComplete: boolean
  /** RongCloud's number of why it ended; null when no packet tells. */
  completeReason: number | null
}

/** `seq` null: it does not say its place. */
export type Packet = { text: string; seq: number | null; isLast: boolean; completeReason: number | null }

// Nobody reads more, and the search index takes a text in one piece.
const TEXT_MAX = 250_000

const SET: ReadonlySet<unknown> = new Set([true, 'true', 1, '1'])

export function readPacket(content: string): Packet {
  const value = parseJson(content)
  const text = memberOf(value, 'content')
  return {
    text: typeof text === 'string' ? text : '',
    seq: toWhole(memberOf(value, 'seq')),
    isLast: SET.has(memberOf(value, 'complete')),
    completeReason: toWhole(memberOf(value, 'completeReason')),
  }
}

function toWhole(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}

/**
 * The text of a message and of the packets that belong to it, in the order of `seq`; a message that does not say its place is
 * the first, any other packet the last. Null for other types.
 * @param packets in the order of their times, which decides where `seq` does not
 */
export function streamOf(
  { objectName, content }: { objectName: string; content: string },
  packets: readonly { content: string }[],
): Stream | null {
  if (objectName !== STREAM) return null
  const placed = inPlaces(
    readPacket(content),
    packets.map((each) => readPacket(each.content)),
  )
  const text = joined(placed)
  return {
    text: text.slice(0, TEXT_MAX),
    packets: placed.length,
    isComplete: text.length <= TEXT_MAX && isWhole(placed),
    completeReason: placed.findLast(({ completeReason }) => completeReason !== null)?.completeReason ?? null,
  }
}

/** Sorted by their places, each place once. */
function inPlaces(first: Packet, others: readonly Packet[]): Packet[] {
  const placeOf = (packet: Packet) => packet.seq ?? (packet === first ? -Infinity : Infinity)
  const sorted = [first, ...others].toSorted((one, other) => comparePlaces(placeOf(one), placeOf(other)))
  return sorted.filter(({ seq }, i) => seq === null || seq !== sorted[i - 1]?.seq)
}

// Infinity less Infinity is no number.
function comparePlaces(one: number, other: number): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

/**
 * A packet is the next piece of the text. Some senders repeat with each packet all that they have sent before, or send the whole
 * text once more at the end: a packet that begins with all of the text so far takes its place, when it goes on or ends it.
 */
function joined(packets: readonly Packet[]): string {
  return packets.reduce((text, { text: piece, isLast }, i) => {
    const repeats = piece.length >= text.length && piece.startsWith(text)
    const isEnd = isLast && i > 1
    return repeats && (piece.length > text.length || isEnd) ? piece : text + piece
  }, '')
}

// Places are counted from 0 or 1. A text that came in one piece may have any: some servers route the last packet alone.
function isWhole(packets: readonly Packet[]): boolean {
  if (!packets.some(({ isLast }) => isLast)) return false
  const [first, ...others] = packets.flatMap(({ seq }) => seq ?? [])
  if (packets.length === 1 || first === undefined) return true
  // A message that does not say its place is the one before.
  const start = packets[0]?.seq === null ? first - 1 : first
  return first >= 0 && start <= 1 && others.every((seq, i) => seq === first + i + 1)
}
