/** Takes in what another archive or a log held, many at a time and in the order given. */
import { settleTiesOf } from './derived.ts'
import { importChange, type ArchivedChange } from './changes.ts'
import { listByUid } from './logged-messages.ts'
import { recountStatements } from './message-counts.ts'
import {
  importStatements,
  settleRecords,
  type IdRule,
  type MessageRecord,
  type RecordOutcome,
} from './record-message.ts'
import { rewindIndex } from './search-index.ts'
import { importSeller, type SellerRow } from './sellers.ts'
import type { Row, Statement, Store } from './store.ts'

export type ImportEntry =
  | {
      type: 'message'
      record: MessageRecord
      id: number | null
      conversationId: number | null
      /** What the message says of others. */
      alongside?: readonly Statement[]
    }
  | { type: 'change'; change: ArchivedChange }
  | { type: 'seller'; seller: SellerRow }

/** `id` of a message as it is here now; null for what is no message. */
export type Imported = Omit<RecordOutcome, 'id'> & { id: number | null }

/** Repeating it is harmless. One atomic unit: keep it to a few hundred, for callbacks wait meanwhile. */
export async function importEntries(
  store: Store,
  entries: readonly ImportEntry[],
  rule: IdRule = 'newest',
): Promise<Imported[]> {
  const statements: Statement[] = []
  const known = new Set<string>()
  const rowAt = entries.map((entry) => {
    const { statements: own, insertAt } = statementsOf(entry, rule, known)
    statements.push(...own)
    return statements.length - own.length + insertAt
  })
  if (rule === 'free') statements.push(...afterFreeIds(await newIdsOf(store, entries)))
  if (statements.length === 0) return []
  const rows = await store.atomically(statements)
  return settle(
    store,
    entries,
    rowAt.map((at) => rows[at]?.[0]),
  )
}

function statementsOf(entry: ImportEntry, rule: IdRule, known: Set<string>) {
  if (entry.type === 'message') {
    const { statements, insertAt } = importStatements(entry.record, { ...entry, rule }, known)
    return { statements: [...statements, ...(entry.alongside ?? [])], insertAt }
  }
  return {
    statements: [entry.type === 'change' ? importChange(entry.change) : importSeller(entry.seller)],
    insertAt: 0,
  }
}

// Below others, where neither the index nor what is counted expects anybody.
function afterFreeIds(ids: readonly number[]): Statement[] {
  const lowest = Math.min(...ids)
  if (ids.length === 0) return []
  return [rewindIndex(lowest), ...recountStatements(lowest), settleTiesOf(ids)]
}

// A repeat must not have the whole archive indexed and counted again.
async function newIdsOf(store: Store, entries: readonly ImportEntry[]): Promise<number[]> {
  const wished = entries.flatMap((entry) =>
    entry.type === 'message' && entry.id !== null ? [{ ...entry.record, id: entry.id }] : [],
  )
  const there = await listByUid(
    store,
    wished.map(({ msgUID }) => msgUID),
  )
  const known = new Set(there.map(({ appKey, msgUID }) => `${msgUID} ${appKey}`))
  return wished.flatMap(({ appKey, msgUID, id }) => (known.has(`${msgUID} ${appKey}`) ? [] : [id]))
}

async function settle(
  store: Store,
  entries: readonly ImportEntry[],
  inserted: readonly (Row | undefined)[],
): Promise<Imported[]> {
  const there = entries.flatMap((entry, i) =>
    entry.type === 'message' && !inserted[i] ? [entry.record] : [],
  )
  const settled = (await settleRecords(store, there)).values()
  return entries.map((entry, i) => {
    const row = inserted[i]
    if (row) return { outcome: 'recorded', id: entry.type === 'message' ? Number(row.id) : null }
    const before = entry.type === 'message' ? settled.next().value : undefined
    return before ?? { outcome: 'known', id: null }
  })
}
