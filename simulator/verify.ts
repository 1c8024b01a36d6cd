/** Whether the archive has what it said it has: every message once, as it was sent. */
import { MSG_UIDS_MAX, type ArchivedItem, type FindMessages } from './archive-reader.ts'
import { never, type Clock } from './clock.ts'
import { alteredFields } from './compare.ts'
import type { SimulatedMessage } from './message.ts'

export type Fault = { msgUID: string; fault: 'lost' | 'doubled' | 'altered'; fields?: readonly string[] }
export type Verification = { lost: number; doubled: number; altered: number; examples: readonly Fault[] }

export type VerifyOptions = {
  find: FindMessages
  clock: Clock
  /** How long a message may take to appear: a queue may stand before the archive. */
  waitMs: number
  onChecked?: (count: number) => void
}

const ASKING_AT_ONCE = 4
const ASK_AGAIN_AFTER_MS = 500
const EXAMPLES_MAX = 20

export async function verify(
  acknowledged: Iterable<SimulatedMessage>,
  { find, clock, waitMs, onChecked = () => undefined }: VerifyOptions,
): Promise<Verification> {
  const counts = { lost: 0, doubled: 0, altered: 0 }
  const examples: Fault[] = []
  const until = clock.now() + waitMs
  let missing = await check(acknowledged)
  while (missing.length > 0 && clock.now() < until) {
    await clock.sleep(ASK_AGAIN_AFTER_MS, never)
    missing = await check(missing)
  }
  for (const { msgUID } of missing) note({ msgUID, fault: 'lost' })
  return { ...counts, examples }

  function note(fault: Fault): void {
    counts[fault.fault]++
    if (examples.length < EXAMPLES_MAX) examples.push(fault)
  }

  /** Gives those that are not there. */
  async function check(messages: Iterable<SimulatedMessage>): Promise<SimulatedMessage[]> {
    const absent: SimulatedMessage[] = []
    const batches = batchesOf(messages)
    const askInTurn = async () => {
      for (const batch of batches) {
        const found = Map.groupBy(await find(batch.map(({ msgUID }) => msgUID)), ({ msgUID }) => msgUID)
        for (const message of batch) judge(message, found.get(message.msgUID) ?? [], absent)
        onChecked(batch.length)
      }
    }
    await Promise.all(Array.from({ length: ASKING_AT_ONCE }, askInTurn))
    return absent
  }

  function judge(
    sent: SimulatedMessage,
    archived: readonly ArchivedItem[],
    absent: SimulatedMessage[],
  ): void {
    const { msgUID } = sent
    if (archived.length === 0) absent.push(sent)
    if (archived.length > 1) note({ msgUID, fault: 'doubled' })
    const fields = new Set(archived.flatMap((item) => alteredFields(sent, item)))
    if (fields.size > 0) note({ msgUID, fault: 'altered', fields: [...fields] })
  }
}

function* batchesOf(messages: Iterable<SimulatedMessage>): Generator<SimulatedMessage[]> {
  let batch: SimulatedMessage[] = []
  for (const message of messages) {
    batch.push(message)
    if (batch.length < MSG_UIDS_MAX) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
