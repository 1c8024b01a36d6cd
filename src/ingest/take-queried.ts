/**
 * Makes archived messages of what RongCloud's message history gives: what is missing is filled in, what was edited or
 * attached to a message since becomes a change of it. What a callback brought stays as it is.
 */
import { changeStatements } from '../archive/changes.ts'
import { importEntries, type ImportEntry, type Imported } from '../archive/import.ts'
import type { MessageRecord } from '../archive/record-message.ts'
import { ArchiveError } from '../domain/errors.ts'
import type { MessageChange } from '../domain/message-change.ts'
import { parseQueriedMessage, type QueriedMessage } from '../rongcloud/history-query/message.ts'
import type { QueriedConversation } from '../rongcloud/history-query/request.ts'
import { innermost } from './innermost.ts'
import { findQueried } from './find-queried.ts'
import { expansionChanges, meet } from './meet-queried.ts'
import { DETAIL } from './record-detail.ts'
import type { StoreDeps, Taken } from './store-callback.ts'
import { toImportEntry } from './take-log-line.ts'
import { toRecord } from './to-record.ts'

export type Queried = { items: readonly unknown[]; conversation: QueriedConversation; readAtMs: number }

/** What became of an item, and what it told of a message that was archived. */
export type TakenQueried = Omit<Taken, 'outcome'> & {
  outcome: Exclude<Taken['outcome'], 'ping' | 'change'>
  changes: readonly MessageChange[]
}

type Read = Pick<QueriedMessage, 'expansion'> & { record: MessageRecord; place: number }

/** In the order of the items, each with what became of it. One unit or two: keep it to a hundred of half a megabyte. */
export async function takeQueried(
  deps: StoreDeps,
  { items, conversation, readAtMs }: Queried,
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<TakenQueried[]> {
  const taken: TakenQueried[] = []
  const read = items.flatMap((item, place): Read[] => {
    const parsed = parseQueriedMessage(item, { conversation, receivedAtMs: readAtMs, hashing: deps.hashing })
    if (!('unreadable' in parsed)) return [{ ...parsed, record: recordOf(deps, parsed, readAtMs), place }]
    taken[place] = { outcome: 'unreadable', detail: parsed.unreadable, messageId: null, changes: [] }
    return []
  })
  const settle = (some: readonly Read[]) => meetAll(deps, some, { conversation, readAtMs, dryRun }, taken)
  const missing = await settle(read)
  const first = dryRun ? missing : firstOfEach(missing)
  const inserted = dryRun ? first.map(WOULD_INSERT) : await insertAll(deps, first, readAtMs)
  for (const [i, { place }] of first.entries()) taken[place] = inserted[i]!
  // An item that came twice, or that a callback brought in between.
  await settle(
    missing.filter(({ place }) => taken[place]?.outcome !== 'recorded' && taken[place]?.outcome !== 'failed'),
  )
  return taken
}

function recordOf(deps: StoreDeps, { message, problem }: QueriedMessage, readAtMs: number): MessageRecord {
  const arrival = { receivedAtMs: readAtMs, origin: 'history_query' as const, problem, nonceReused: false }
  return toRecord(deps.templates, message, arrival)
}

function firstOfEach(read: readonly Read[]): Read[] {
  return [...new Map(read.toReversed().map((each) => [each.record.msgUID, each])).values()].toReversed()
}

type Meeting = { conversation: QueriedConversation; readAtMs: number; dryRun: boolean }

/** Gives back those that are not archived. */
async function meetAll(
  { store }: StoreDeps,
  read: readonly Read[],
  { conversation: { appKey }, readAtMs, dryRun }: Meeting,
  taken: TakenQueried[],
): Promise<Read[]> {
  const records = read.map(({ record }) => record)
  const archived = await findQueried(store, appKey, records)
  for (const [i, each] of read.entries()) {
    const found = archived[i]
    if (found) taken[each.place] = asTaken(meet(each, found, readAtMs), found.id)
  }
  const changes = read.flatMap(({ place }) => taken[place]?.changes ?? [])
  const statements = changeStatements(changes, { receivedAtMs: readAtMs, origin: 'history_query' })
  if (statements.length > 0 && !dryRun) await store.atomically(statements)
  return read.filter((_, i) => archived[i] === undefined)
}

function asTaken({ outcome, changes }: ReturnType<typeof meet>, messageId: number): TakenQueried {
  const detail = DETAIL[outcome](messageId)
  return { outcome, detail: changes.length === 0 ? detail : `${detail}, changed since`, messageId, changes }
}

const WOULD_INSERT = (): TakenQueried => ({
  outcome: 'recorded',
  detail: DETAIL.recorded(null),
  messageId: null,
  changes: [],
})

async function insertAll(deps: StoreDeps, read: readonly Read[], readAtMs: number): Promise<TakenQueried[]> {
  const entries = read.map((each) => entryOf(each, readAtMs))
  try {
    const imported = await importEntries(
      deps.store,
      entries.map(({ entry }) => entry),
    )
    return imported.map((each, i) => toTaken(each, entries[i]!.changes))
  } catch (error) {
    const cause = innermost(error)
    if (cause instanceof ArchiveError) throw error
    // One that no try gets in must not keep its neighbours out.
    if (read.length === 1) return [{ outcome: 'failed', detail: cause.message, messageId: null, changes: [] }]
    const apart: TakenQueried[] = []
    for (const each of read) apart.push(...(await insertAll(deps, [each], readAtMs)))
    return apart
  }
}

function entryOf(
  { record, expansion }: Read,
  nowMs: number,
): { entry: ImportEntry; changes: MessageChange[] } {
  const changes = expansionChanges(record, expansion, { before: null, nowMs })
  return { entry: toImportEntry(record, changeStatements(changes, record)), changes }
}

function toTaken({ outcome, id }: Imported, changes: readonly MessageChange[]): TakenQueried {
  return {
    outcome,
    detail: DETAIL[outcome](id),
    messageId: id,
    changes: outcome === 'recorded' ? changes : [],
  }
}
