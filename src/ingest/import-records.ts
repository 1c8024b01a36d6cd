/** The history of an old chat-records table, archived as if it had been written over REST at its time. */
import { recordChanges } from '../archive/changes.ts'
import { importEntries, type Imported } from '../archive/import.ts'
import type { MessageRecord } from '../archive/record-message.ts'
import type { Store } from '../archive/store.ts'
import type { LongId } from '../domain/long-id.ts'
import type { PartyTemplates } from '../domain/parties.ts'
import { changesOfMessage } from '../rongcloud/changes/index.ts'
import { toRecord } from './to-record.ts'
import { problemOfWritten, toMessage, type WrittenMessage } from './write-message.ts'

// RongCloud's own are four groups of capitals and digits.
const IMPORTED_UID_PREFIX = 'import:'

/** `id` is that of the old table: with the app it is the identity, so that a repeat is harmless. */
export type OldRecord = Omit<WrittenMessage, 'byMember'> & { id: LongId; sentAtMs: number }

// Messages to come get ids above it, and those have to be exact as numbers too.
const KEPT_ID_MAX = 2 ** 52

/** The id that an old record has here where no message has it; null when it is too large for an id of a message. */
export function keptIdOf({ id }: Pick<OldRecord, 'id'>): number | null {
  return Number(id) <= KEPT_ID_MAX ? Number(id) : null
}

/** @throws ArchiveError `invalid_request` when the ids are not those of a member and a seller */
export function toImportRecord(templates: PartyTemplates, old: OldRecord, nowMs: number): MessageRecord {
  const message = { ...toMessage(templates, old, old.sentAtMs), msgUID: `${IMPORTED_UID_PREFIX}${old.id}` }
  const problem = problemOfWritten(old.messageType, old.cnt)
  return toRecord(templates, message, { receivedAtMs: nowMs, origin: 'import', problem, nonceReused: false })
}

/** One atomic unit, old ids kept where they are free. A few hundred at a time. */
export async function importRecords(
  store: Store,
  records: readonly { id: number | null; record: MessageRecord }[],
): Promise<Imported[]> {
  const entries = records.map(({ id, record }) => ({
    type: 'message' as const,
    record,
    id,
    conversationId: null,
  }))
  const imported = await importEntries(store, entries, 'free')
  // Of known ones too: the first time may have ended between the two.
  for (const [i, { record }] of records.entries()) {
    const changes = imported[i]?.outcome === 'conflict' ? [] : changesOfMessage(record)
    if (changes.length > 0) await recordChanges(store, changes, record)
  }
  return imported
}
