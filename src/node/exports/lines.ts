/** The lines of an NDJSON export, read strictly: they are our own. */
import { z } from 'zod'
import { CHANGE_KINDS } from '../../domain/message-change.ts'
import { ORIGINS } from '../../domain/message.ts'
import { NDJSON_VERSION } from '../../http/export/ndjson.ts'
import type { ExportedEntry } from '../../ingest/import-archive.ts'

const text = z.string()
const optionalText = z.string().nullable()
const time = z.int()
const id = z.int().min(1)

const MessageLine = z.object({
  type: z.literal('message'),
  id,
  conversationId: id,
  appKey: text,
  msgUID: text,
  channelType: text,
  busChannel: text,
  fromUserId: text,
  targetId: text,
  objectName: text,
  content: text,
  sentAtMs: time,
  receivedAtMs: time,
  origin: z.enum(ORIGINS),
  source: optionalText,
  sensitiveType: z.int().nullable(),
  fields: optionalText,
  problem: optionalText,
  nonceReused: z.boolean(),
  logFlags: z.int().nullable(),
})

const ChangeLine = z.object({
  type: z.literal('change'),
  id,
  appKey: text,
  msgUID: optionalText,
  upToMs: time.nullable(),
  kind: z.enum(CHANGE_KINDS),
  channelType: optionalText,
  userId: optionalText,
  targetId: optionalText,
  busChannel: optionalText,
  byUserId: text,
  atMs: time,
  data: optionalText,
  identity: text,
  receivedAtMs: time,
  origin: z.enum(ORIGINS),
  afterMessageId: z.int(),
})

const SellerLine = z.object({
  type: z.literal('seller'),
  appKey: text,
  sellerId: text,
  shopName: optionalText,
  logo: optionalText,
  updatedAtMs: time,
})

const Line = z.discriminatedUnion('type', [
  z.object({ type: z.literal('export'), version: z.literal(NDJSON_VERSION) }),
  MessageLine,
  ChangeLine,
  SellerLine,
  z.object({ type: z.literal('next') }),
  z.object({ type: z.literal('end') }),
])

/** Null for a line that says something of the file itself. @throws Error naming what is wrong with the line */
export function parseLine(line: string): ExportedEntry | null {
  const parsed = Line.safeParse(readJson(line))
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error).replaceAll('\n', ' '))
  const { data } = parsed
  if (data.type === 'message') return { type: 'message', message: data }
  if (data.type === 'change') return { type: 'change', change: data }
  return data.type === 'seller' ? { type: 'seller', seller: data } : null
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new Error('is no JSON')
  }
}
