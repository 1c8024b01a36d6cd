/** The archive in pages, for files: short reads, each behind the one before, so that nothing waits for them. */
import { listChangesOf, type ArchivedChange } from './changes.ts'
import { FEED_START, findNewest, listFeed, type Arrived, type FeedPosition } from './feed.ts'
import { listSent, type MessageFilter, type MessagePosition } from './messages.ts'
import { PAGE_BYTES, type Page } from './page.ts'
import { listSellerRows, type SellerRow } from './sellers.ts'
import type { Store } from './store.ts'

const PAGE_ROWS = 500
// A part of a file is written in one go, on the thread that answers callbacks.
const PART_BYTES = PAGE_BYTES / 4

/** Where a page ended: in the order of arrival, or of the time of sending. */
export type ExportPosition = FeedPosition | MessagePosition

export type Exported = Arrived | { type: 'seller'; seller: SellerRow }

/** `end` null: the page is one part of a larger one, and nothing can go on from here. */
export type ExportPage = { entries: Exported[]; end: ExportPosition | null }

export type ExportFilter = Pick<
  MessageFilter,
  | 'appKey'
  | 'conversationId'
  | 'conversationIds'
  | 'channelType'
  | 'userId'
  | 'objectName'
  | 'fromMs'
  | 'untilMs'
  | 'origin'
>

/** Whether all of an app, or of the archive, is asked for. */
export function isWhole(filter: ExportFilter): boolean {
  return Object.entries(filter).every(([name, value]) => name === 'appKey' || value === undefined)
}

/** Everything up to now, in the order of arrival; from the very beginning, sellers come first. */
export async function* exportWhole(
  store: Store,
  { appKey }: Pick<ExportFilter, 'appKey'>,
  after: FeedPosition | null,
): AsyncGenerator<ExportPage> {
  // What arrives meanwhile would keep a file from ending.
  const through = await findNewest(store)
  if (after === null) yield* exportSellers(store, appKey)
  let position = after ?? FEED_START
  for (;;) {
    const { arrived, end, more } = await listFeed(
      store,
      { appKey },
      { after: position, limit: PAGE_ROWS, bytes: PART_BYTES, through },
    )
    if (arrived.length > 0) yield { entries: arrived, end }
    if (!more) return
    position = end
  }
}

async function* exportSellers(store: Store, appKey: string | undefined): AsyncGenerator<ExportPage> {
  let after: SellerRow | null = null
  for (;;) {
    const found: SellerRow[] = await listSellerRows(store, { after, limit: PAGE_ROWS })
    const own = found.filter((seller) => appKey === undefined || seller.appKey === appKey)
    if (own.length > 0) yield { entries: own.map((seller) => ({ type: 'seller', seller })), end: null }
    after = found.at(-1) ?? null
    if (found.length < PAGE_ROWS) return
  }
}

/**
 * The messages that fit, oldest first, each page followed by what happened to its messages if asked for. Of what is
 * about a whole conversation that is the furthest of each user.
 */
export async function* exportNarrowed(
  store: Store,
  filter: ExportFilter,
  { after, withChanges }: { after: MessagePosition | null; withChanges: boolean },
): AsyncGenerator<ExportPage> {
  let position = after
  for (;;) {
    const { rows, more } = await listSent(store, filter, {
      after: position,
      limit: PAGE_ROWS,
      bytes: PART_BYTES,
    })
    const last = rows.at(-1)
    if (!last) return
    const { sentAtMs, appKey, msgUID } = last
    position = { sentAtMs, appKey, msgUID }
    const entries = rows.map((message) => ({ type: 'message' as const, message }))
    yield { entries, end: withChanges ? null : position }
    if (withChanges) {
      for await (const changes of changesOf(store, rows))
        yield { entries: changes.map((change) => ({ type: 'change', change })), end: null }
      yield { entries: [], end: position }
    }
    if (!more) return
  }
}

async function* changesOf(
  store: Store,
  messages: Parameters<typeof listChangesOf>[1],
): AsyncGenerator<ArchivedChange[]> {
  let afterId = 0
  for (;;) {
    const { rows, more }: Page<ArchivedChange> = await listChangesOf(store.replica, messages, {
      afterId,
      limit: PAGE_ROWS,
    })
    if (rows.length > 0) yield rows
    if (!more) return
    afterId = rows.at(-1)?.id ?? afterId
  }
}
