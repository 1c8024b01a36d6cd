/**
 * `msgUID` by RongCloud's published recipe: 80 bits, which are 42 of the time in ms, 12 of a counter within that
 * ms, 4 of the kind of conversation and 22 of a hash of its id; five bits to a character. The alphabet is in the
 * order of ASCII, so ids sort by time.
 */

const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const COUNTER_MAX = 0xfff
const HASH_MASK = 0x3f_ffff

export type ConversationIdentity = { conversationType: number; conversationHash: number }

/** The last 22 bits of what Java's `String.hashCode` gives. */
export function conversationHashOf(conversationId: string): number {
  let hash = 0
  for (let i = 0; i < conversationId.length; i++) hash = (31 * hash + conversationId.charCodeAt(i)) | 0
  return hash & HASH_MASK
}

/** Gives ids for messages in the order of their times; no two are alike. */
export function createMsgUIDs() {
  let lastMs = 0
  let counter = 0
  return (sentAtMs: number, { conversationType, conversationHash }: ConversationIdentity): string => {
    counter = sentAtMs === lastMs ? counter + 1 : 0
    lastMs = sentAtMs
    if (counter > COUNTER_MAX) throw new RangeError('more messages in one millisecond than ids')
    return encode(sentAtMs, counter, (conversationType << 22) | conversationHash)
  }
}

// Eighty bits are more than a number holds.
function encode(timeMs: number, counter: number, conversation: number): string {
  const high = BigInt(timeMs) * 4096n + BigInt(counter)
  const bits = (high << 26n) | BigInt(conversation)
  let text = ''
  for (let shift = 75n; shift >= 0n; shift -= 5n) {
    text += ALPHABET[Number((bits >> shift) & 31n)]
    if (shift > 0n && shift % 20n === 0n) text += '-'
  }
  return text
}
