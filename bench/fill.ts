/**
 * Fills an archive by its own write, without HTTP: `fill.ts DATABASE FROM TO` archives the messages with these numbers in
 * large batches, and then indexes their words. Prints `Filled`. Also the limit of storage.
 */
import { recordMessage } from '../src/archive/record-message.ts'
import { indexAll } from '../src/ingest/index-messages.ts'
import { openSqliteStore } from '../src/node/sqlite-store.ts'
import { toArchived } from './archived.ts'
import { memberMessageAt, messageAt } from './traffic.ts'

/** `seconds` of writing alone; making the rows is not counted. */
export type Filled = { rows: number; seconds: number }

const BATCH = 20_000
const AT_ONCE = 1024
const INDEX_BATCH = 2000

const [, , path = '', ...range] = process.argv
const [from, to] = range.map(Number) as [number, number]
const store = openSqliteStore(path)
let seconds = 0
for (let start = from; start < to; start += BATCH) {
  const numbers = Array.from({ length: Math.min(BATCH, to - start) }, (_, i) => start + i)
  await write(numbers.map(messageAt).map(toArchived))
}
// Last of all, so that they cost the figure nothing: the one member whose chat-list is asked.
const counted = seconds
if (from === 0) await write(Array.from({ length: 1000 }, (_, i) => memberMessageAt(i)).map(toArchived))
await indexAll(store, { forMs: Infinity, now: Date.now, batchRows: INDEX_BATCH })
await store.close()
process.stdout.write(JSON.stringify({ rows: to - from, seconds: counted } satisfies Filled))

type Archived = ReturnType<typeof toArchived>

async function write(records: readonly Archived[]) {
  const startedAt = performance.now()
  const waiting = records.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const record of waiting) await recordMessage(store, record)
    }),
  )
  seconds += (performance.now() - startedAt) / 1000
}
