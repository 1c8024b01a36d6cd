/** What becomes of a message whose identity an archived one has, of the same sender, type and conversation, with other content. */
import { isRecorded, recordChanges } from '../archive/changes.ts'
import type { Difference, MessageRecord, RecordOutcome } from '../archive/record-message.ts'
import { editInPlace, type MessageChange } from '../domain/message-change.ts'
import { packetUnderSameUID } from '../rongcloud/changes/index.ts'
import { DETAIL } from './record-detail.ts'
import type { HowToTake, StoreDeps, Taken } from './store-callback.ts'

type Foreseen = Omit<RecordOutcome, 'id'> & { id: number | null }

/**
 * What the archive made of a message, once it was recorded or foreseen. Another text that is a packet of a streamed one, or is
 * taken for an edit, becomes a change of the archived message; one that became a change before is known.
 */
export async function toTaken(
  { store }: Pick<StoreDeps, 'store'>,
  record: MessageRecord,
  { outcome, id, difference }: Foreseen,
  { asEdit = false, dryRun = false }: Pick<HowToTake, 'asEdit' | 'dryRun'>,
): Promise<Taken> {
  const taken = { outcome, detail: DETAIL[outcome](id), messageId: id }
  if (difference === undefined) return taken
  const differsIn = difference.in
  if (difference.in !== 'content') return { ...taken, differsIn }
  const { change, isTaken } = changeIn(record, difference, asEdit)
  if (await isRecorded(store, change))
    return { outcome: 'known', detail: DETAIL.change(id), messageId: id, differsIn }
  if (!isTaken) return { ...taken, differsIn }
  if (!dryRun) await recordChanges(store, [change], record)
  return { outcome: 'change', detail: DETAIL.change(id), messageId: id, differsIn }
}

type OtherContent = Extract<Difference, { in: 'content' }>

/**
 * A leaked address could forge what follows a message: nothing whose signature had come before is taken for a packet unasked.
 * RongCloud may give an edit the time of its message; it then has the time at which it came.
 */
function changeIn(
  record: MessageRecord,
  { archived }: OtherContent,
  asEdit: boolean,
): { change: MessageChange; isTaken: boolean } {
  const packet = packetUnderSameUID(record, archived.content)
  if (packet) return { change: packet, isTaken: asEdit || !record.nonceReused }
  const atMs = record.sentAtMs > archived.sentAtMs ? record.sentAtMs : record.receivedAtMs
  return { change: editInPlace(record, record.content, atMs), isTaken: asEdit }
}
