/** What an export told of an archive, taken in here: derived again by this program's rules, kept as it was otherwise. */
import type { ArchivedChange } from '../archive/changes.ts'
import { importEntries, type ImportEntry, type Imported } from '../archive/import.ts'
import type { SellerRow } from '../archive/sellers.ts'
import type { Store } from '../archive/store.ts'
import type { Arrival, Message } from '../domain/message.ts'
import type { PartyTemplates } from '../domain/parties.ts'
import { toRecord } from './to-record.ts'

/** With the ids that it had. */
export type ExportedMessage = Message &
  Arrival & { id: number; conversationId: number; logFlags: number | null }

export type ExportedEntry =
  | { type: 'message'; message: ExportedMessage }
  | { type: 'change'; change: ArchivedChange }
  | { type: 'seller'; seller: SellerRow }

/**
 * In the order given, one atomic unit: a few hundred at a time. Repeating it is harmless. What messages that were here
 * say of others is for the caller to derive.
 */
export function importExported(
  { store, templates }: { store: Store; templates: PartyTemplates },
  exported: readonly ExportedEntry[],
): Promise<Imported[]> {
  return importEntries(
    store,
    exported.map((entry) => toImportEntry(templates, entry)),
  )
}

function toImportEntry(templates: PartyTemplates, entry: ExportedEntry): ImportEntry {
  if (entry.type !== 'message') return entry
  const { id, conversationId, logFlags, ...message } = entry.message
  const record = toRecord(templates, message, message, logFlags)
  return { type: 'message', record, id, conversationId }
}
