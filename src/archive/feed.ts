/** Everything in the order of its arrival, for other systems to follow. */
import { and, asc, gt, lte, sql } from 'drizzle-orm'
import type { ArchivedChange } from './changes.ts'
import { listArrived, type ArchivedMessage } from './messages.ts'
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
 * newest when it came. Whatever arrives later stands behind all of it, so following `end` meets everything once.
 * @param through nothing beyond is looked at; the newest of now unless given
 */
export async function listFeed(
  store: Store,
  { appKey }: { appKey?: string | undefined },
  { after, limit, through }: { after: FeedPosition; limit: number; through?: FeedPosition },
): Promise<{ arrived: Arrived[]; end: FeedPosition }> {
  // Two questions see two moments: what arrived between them must wait, or it would come before its time.
  const newest = through ?? (await findNewest(store))
  if (newest.messageId === after.messageId && newest.changeId === after.changeId)
    return { arrived: [], end: after }
  const [arrivedMessages, arrivedChanges] = await Promise.all([
    listArrived(store, { appKey, afterId: after.messageId, throughId: newest.messageId }, limit),
    listArrivedChanges(store, { appKey, afterId: after.changeId, throughId: newest.changeId }, limit),
  ])
  const arrived = inOrder(arrivedMessages, arrivedChanges).slice(0, limit)
  // A page that is not full has reached the newest, also past what the filter left out.
  return { arrived, end: arrived.length < limit ? newest : endOf(arrived, after) }
}

// One statement, so that both are of the same moment.
export async function findNewest({ db }: Store): Promise<FeedPosition> {
  const [newest] = await db
    .select({
      messageId: sql<number>`coalesce((SELECT max(id) FROM ${messages}), 0)`,
      changeId: sql<number>`coalesce((SELECT max(id) FROM ${messageChanges}), 0)`,
    })
    .from(sql`(SELECT 1)`)
  return newest ?? FEED_START
}

function listArrivedChanges(
  { db }: Store,
  { appKey, afterId, throughId }: { appKey?: string | undefined; afterId: number; throughId: number },
  limit: number,
): Promise<ArchivedChange[]> {
  const arrived = and(gt(messageChanges.id, afterId), lte(messageChanges.id, throughId))
  // The plus keeps SQLite from the index that begins with the app, which would sort all changes of it for a page.
  const isOfApp = appKey === undefined ? undefined : sql`+${messageChanges.appKey} = ${appKey}`
  return db
    .select()
    .from(messageChanges)
    .where(and(arrived, isOfApp))
    .orderBy(asc(messageChanges.id))
    .limit(limit)
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
