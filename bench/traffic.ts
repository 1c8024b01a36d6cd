/** Believable traffic: the same messages for the same numbers, so that every contender gets the same bodies. */

/** One message as RongCloud sends it. */
export type Traffic = { fields: Record<string, string>; body: string }

const TEXTS = [
  '你好，请问这款还有货吗？',
  '有的，今天下单明天发货',
  '好的，谢谢！订单号 20241219',
  'Could you send me the size chart, please?',
  '已经拍下了，电话 {phone}，麻烦尽快 🙏',
  '这个颜色和图片上一样吗',
  '亲，您的包裹已经发出，请注意查收',
  'ok',
]
// One of so many is a card of the app's own type.
const ORDERS_EVERY = 16
// Of these, in turn, one writes the number in groups.
const GROUPED_EVERY = 4
const START_MS = Date.parse('2024-01-01T00:00:00Z')
export const MEMBER_OF_MANY = '900000001'
// Far from all others, so that their ids are their own.
const MEMBER_MESSAGES_FROM = 500_000_000

const INTERVAL_MS = 50
const CONVERSATIONS_PER_MESSAGE = 1 / 25
const LARGEST_SHARE = 0.1
// People talk in bursts: in five minutes some 500 conversations share 6,000 messages.
const BURST = 6000
const OPEN = 500

/**
 * Sizes follow a power law: the largest conversation has a tenth of the first million, most have a few, and new
 * ones are rare.
 * @param i number of the message, from 0
 */
export function messageAt(i: number): Traffic {
  const conversation = conversationOf(i)
  return between(String(conversation), `shop${conversation % 997}`, i)
}

/** Of the one member who talks with 500 sellers. @param i from 0 to 999 */
export function memberMessageAt(i: number): Traffic {
  return between(MEMBER_OF_MANY, `shop${i % 500}`, MEMBER_MESSAGES_FROM + i)
}

function between(member: string, seller: string, i: number): Traffic {
  const byMember = mix(i) % 2 === 0
  const isOrder = hasOrder(i)
  const fields = {
    fromUserId: byMember ? member : seller,
    toUserId: byMember ? seller : member,
    objectName: isOrder ? 'shop:Order' : 'RC:TxtMsg',
    content: isOrder
      ? `{"orderId":${orderIdOf(i)},"goods":"春季新款 T 恤","price":99.00,"number":${i}}`
      : JSON.stringify({ content: `${textOf(i).replace('{phone}', phoneOf(i))} ${i}`, extra: '' }),
    channelType: 'PERSON',
    msgTimestamp: String(sentAtMs(i)),
    msgUID: uidOf(i),
    sensitiveType: '0',
    source: byMember ? 'iOS' : 'Android',
  }
  return { fields, body: new URLSearchParams(fields).toString() }
}

function textOf(i: number): string {
  return TEXTS[mix(i + 7) % TEXTS.length] ?? ''
}

function hasOrder(i: number): boolean {
  return mix(i + 11) % ORDERS_EVERY === 0
}

/** Eleven digits, `13800138000`, or in groups. */
function phoneOf(i: number): string {
  const digits = `13${String(mix(i + 13) % 1e9).padStart(9, '0')}`
  return mix(i + 17) % GROUPED_EVERY === 0
    ? `${digits.slice(0, 3)}-${digits.slice(3, 7)}-${digits.slice(7)}`
    : digits
}

/** Nineteen digits, more than a number of JavaScript holds. */
function orderIdOf(i: number): string {
  return `${4_000_000_000 + mix(i + 19)}${String(mix(i + 23) % 1e9).padStart(9, '0')}`
}

/** Of the last message up to `i` that holds one; the digits alone. */
export function phoneUpTo(i: number): string {
  for (let at = i; ; at--)
    if (!hasOrder(at) && textOf(at).includes('{phone}')) return phoneOf(at).replaceAll('-', '')
}

export function orderIdUpTo(i: number): string {
  for (let at = i; ; at--) if (hasOrder(at)) return orderIdOf(at)
}

// What RongCloud published of its ids: 42 bits of time, 12 of a counter, 4 of kind, 22 of conversation, five bits
// a character. So they grow with time, which an index likes.
const UID_CHARACTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

export function uidOf(i: number): string {
  const ms = sentAtMs(i)
  // In halves of 40 bits, which a number holds exactly.
  const upper = Math.floor(ms / 4)
  const lower = (ms % 4) * 2 ** 38 + (i % 4096) * 2 ** 26 + 2 ** 22 + (mix(conversationOf(i)) & 0x3fffff)
  return `${groupsOf(upper)}-${groupsOf(lower)}`
}

function groupsOf(bits: number): string {
  const at = (place: number) => UID_CHARACTERS[Math.floor(bits / 32 ** place) % 32]
  return `${at(7)}${at(6)}${at(5)}${at(4)}-${at(3)}${at(2)}${at(1)}${at(0)}`
}

function sentAtMs(i: number): number {
  return START_MS + i * INTERVAL_MS
}

function conversationOf(i: number): number {
  if (i < 1_000_000 && share(i * 3 + 1) < LARGEST_SHARE) return 1
  const burst = Math.floor(i / BURST)
  const known = Math.max(OPEN, burst * BURST * CONVERSATIONS_PER_MESSAGE)
  const open = mix(i * 5 + 2) % OPEN
  return 2 + Math.floor(known * share(burst * OPEN + open) ** 3)
}

/** A number from 0 to 1. */
function share(seed: number): number {
  return mix(seed) / 2 ** 32
}

/** A cheap scatter of 32 bits. */
function mix(value: number): number {
  let x = (value + 0x9e3779b9) | 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}
