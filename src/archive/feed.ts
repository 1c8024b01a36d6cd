/** Everything in the order of its arrival, for other systems to follow. */
import { and, gt, inArray, lte, sql } from 'drizzle-orm'
import type { ChangeKind } from '../domain/message-change.ts'
import { selectChanges, type ArchivedChange } from './changes.ts'
import { listArrived, type ArchivedMessage } from './messages.ts'
import type { Page, PageSize } from './page.ts'
import { messageChanges, messages } from './schema.ts'
import type { Store } from './store.ts'

export type Arrived =
  { type: 'message'; message: ArchivedMessage } | { type: 'change'; change: ArchivedChange }

/** All messages and changes up to these have been given. */
export type FeedPosition = { messageId: number; changeId: number }

/** Before the first arrival. */
export const FEED_START: FeedPosition = { messageId: 0, changeId: 0 }

/**
 * What arrived after `after`, oldest first: a message stands at its id, a change behind the message that was the
 * newest when it came. Whatever arrives later stands behind all of it, so following `end` meets everything once. `more`:
 * the page ended before the newest.
 * @param through nothing beyond is looked at; the newest of now unless given
 */
export async function listFeed(
  store: Store,
  { appKey }: { appKey?: string | undefined },
  { after, through, ...size }: PageSize & { after: FeedPosition; through?: FeedPosition },
): Promise<{ arrived: Arrived[]; end: FeedPosition; more: boolean }> {
  // Two questions see two moments: what arrived between them must wait, or it would come before its time.
  const newest = through ?? (await findNewest(store))
  if (newest.messageId === after.messageId && newest.changeId === after.changeId)
    return { arrived: [], end: after, more: false }
  const first = { end: 'first', ...size } as const
  const [ofMessages, ofChanges] = await Promise.all([
    listArrived(store, { appKey, afterId: after.messageId, throughId: newest.messageId }, first),
    listArrivedChanges(store, { appKey, afterId: after.changeId, throughId: newest.changeId }, first),
  ])
  const found = inOrder(ofMessages.rows, ofChanges.rows)
  const arrived = found.filter(isBefore(endOfKnown(ofMessages, ofChanges))).slice(0, size.limit)
  const isAll = !ofMessages.more && !ofChanges.more && arrived.length === found.length
  // What has reached the newest has done so also past what the filter left out.
  return { arrived, end: isAll ? newest : endOf(arrived, after), more: !isAll }
}

/** Where the first of the two pages ends: what stands behind may come after what is on neither. */
function endOfKnown(ofMessages: Page<ArchivedMessage>, ofChanges: Page<ArchivedChange>): number {
  const lastMessage = ofMessages.more ? ofMessages.rows.at(-1)?.id : undefined
  const lastChange = ofChanges.more ? ofChanges.rows.at(-1)?.afterMessageId : undefined
  return Math.min(lastMessage ?? Infinity, lastChange ?? Infinity)
}

function isBefore(end: number): (arrived: Arrived) => boolean {
  return (arrived) => placeOf(arrived) <= end
}

export type Newest = {
  arrived: Arrived[]
  from: FeedPosition
  end: FeedPosition
  leftOut: number | null
}

// A filter must not go through the whole archive for the newest.
const LOOKED_BACK = 10_000

/**
 * The last of what arrived after `after`, oldest first, for who would rather leave something out than fall behind.
 * `from` is where they begin; `leftOut` how many messages of any app lie before that, null when nothing is left out.
 */
export async function listNewest(
  store: Store,
  { appKey, kinds }: { appKey?: string | undefined; kinds: readonly ChangeKind[] },
  { after, limit }: { after: FeedPosition; limit: number },
): Promise<Newest> {
  const newest = await findNewest(store)
  if (newest.messageId === after.messageId && newest.changeId === after.changeId)
    return { arrived: [], from: after, end: after, leftOut: null }
  const messageId = Math.max(after.messageId, newest.messageId - LOOKED_BACK)
  const changeId = Math.max(after.changeId, newest.changeId - LOOKED_BACK)
  const last = { end: 'last', limit } as const
  const [lastMessages, lastChanges] = await Promise.all([
    listArrived(store, { appKey, afterId: messageId, throughId: newest.messageId }, last),
    listArrivedChanges(store, { appKey, kinds, afterId: changeId, throughId: newest.changeId }, last),
  ])
  const found = inOrder(lastMessages.rows, lastChanges.rows)
  const arrived = found.slice(-limit)
  const isFound = !lastMessages.more && !lastChanges.more && found.length <= limit
  const isAll = messageId === after.messageId && changeId === after.changeId && isFound
  if (isAll) return { arrived, from: after, end: newest, leftOut: null }
  const from = startOf(arrived, newest)
  return { arrived, from, end: newest, leftOut: from.messageId - after.messageId }
}

function startOf(arrived: readonly Arrived[], newest: FeedPosition): FeedPosition {
  const message = arrived.find(({ type }) => type === 'message')
  const change = arrived.find(({ type }) => type === 'change')
  return {
    messageId: message ? idOf(message) - 1 : newest.messageId,
    changeId: change ? idOf(change) - 1 : newest.changeId,
  }
}

/** Where who has come to `position` stands after one more. */
export function behind(position: FeedPosition, arrived: Arrived): FeedPosition {
  const { type } = arrived
  return { ...position, [type === 'message' ? 'messageId' : 'changeId']: idOf(arrived) }
}

function idOf(arrived: Arrived): number {
  return arrived.type === 'message' ? arrived.message.id : arrived.change.id
}

/** Behind all that has arrived. One statement, so that both are of the same moment. */
export async function findNewest({ db }: Store): Promise<FeedPosition> {
  const [newest] = await db
    .select({
      messageId: sql<number>`coalesce((SELECT max(id) FROM ${messages}), 0)`,
      changeId: sql<number>`coalesce((SELECT max(id) FROM ${messageChanges}), 0)`,
    })
    .from(sql`(SELECT 1)`)
  return newest ?? FEED_START
}

type ChangesAsked = {
  appKey?: string | undefined
  kinds?: readonly ChangeKind[]
  afterId: number
  throughId: number
}

async function listArrivedChanges(
  { db }: Store,
  { appKey, kinds, afterId, throughId }: ChangesAsked,
  { end, ...size }: PageSize & { end: 'first' | 'last' },
): Promise<Page<ArchivedChange>> {
  const arrived = and(gt(messageChanges.id, afterId), lte(messageChanges.id, throughId))
  // The plus keeps SQLite from the index that begins with the app, which would sort all changes of it for a page.
  const isOfApp = appKey === undefined ? undefined : sql`+${messageChanges.appKey} = ${appKey}`
  const isOfKind = kinds && inArray(messageChanges.kind, [...kinds])
  const where = and(arrived, isOfApp, isOfKind)
  const { rows, more } = await selectChanges(db, { where, direction: end === 'first' ? 'ASC' : 'DESC' }, size)
  return { rows: end === 'first' ? rows : rows.toReversed(), more }
}

/** Sorting is stable, and either list is in order already. */
function inOrder(ofMessages: readonly ArchivedMessage[], ofChanges: readonly ArchivedChange[]): Arrived[] {
  return [
    ...ofMessages.map((message) => ({ type: 'message' as const, message })),
    ...ofChanges.map((change) => ({ type: 'change' as const, change })),
  ].toSorted((one, other) => placeOf(one) - placeOf(other))
}

function placeOf(arrived: Arrived): number {
  return arrived.type === 'message' ? arrived.message.id : arrived.change.afterMessageId
}

function endOf(arrived: readonly Arrived[], after: FeedPosition): FeedPosition {
  const lastChange = arrived.findLast(({ type }) => type === 'change')
  return {
    messageId: Math.max(after.messageId, ...arrived.map(placeOf)),
    changeId: lastChange?.type === 'change' ? lastChange.change.id : after.changeId,
  }
}
