/**
 * What archived messages say of others, told once more: those that were archived before this program understood them
 * said nothing then. What was written over REST never does.
 */
import { changeStatements } from '../archive/changes.ts'
import { listSaying, sayingSql } from '../archive/derived.ts'
import { findNewest } from '../archive/feed.ts'
import { findLastOfNext, lastOfNext } from '../archive/steps.ts'
import type { Statement, Store } from '../archive/store.ts'
import type { MessageChange } from '../domain/message-change.ts'
import type { Arrival, Message } from '../domain/message.ts'
import { changesOfMessage, SIGNALS } from '../rongcloud/changes/index.ts'

// Messages looked at in one statement, and said of in one unit: some 20 ms of the thread that writes.
const WINDOW = 5000
const AT_ONCE = 200

export type Said = { id: number; changes: MessageChange[]; arrival: Pick<Arrival, 'receivedAtMs' | 'origin'> }

/** SQL that gives the last id of the next window of messages; null behind the newest. */
export const windowEndSql = (afterId: number) => `SELECT ${lastOfNext(afterId, WINDOW)}`

/** SQL that gives those messages of a window that may say something. */
export const windowSql = (afterId: number, throughId: number) => sayingSql(SIGNALS, afterId, throughId)

/** @param row one of {@link windowSql} */
export function saidBy(row: string): Said {
  const { id, ...message } = JSON.parse(row) as Message & Arrival & { id: number }
  return { id, changes: changesOfMessage(message), arrival: message }
}

/**
 * Gives the number of changes that were not there. Repeating it is harmless.
 * @param step so many more messages were looked at
 */
export async function rederiveChanges(
  store: Store,
  afterId = 0,
  step: (messages: number) => void = () => undefined,
): Promise<number> {
  // Those that arrive meanwhile say it themselves.
  const { messageId: newestId } = await findNewest(store)
  let recorded = 0
  for (let from = afterId; from < newestId;) {
    const end = (await findLastOfNext(store, from, WINDOW)) ?? newestId
    const said = (await listSaying(store, windowSql(from, end)))
      .map(saidBy)
      .filter(({ changes }) => changes.length > 0)
    for (let i = 0; i < said.length; i += AT_ONCE) recorded += await record(store, said.slice(i, i + AT_ONCE))
    step(WINDOW)
    from = end
  }
  return recorded
}

const HOW_MANY: Statement = { sql: 'SELECT changes() AS recorded', params: [] }

async function record(store: Store, said: readonly Said[]): Promise<number> {
  const statements = said.flatMap(({ changes, arrival }) => changeStatements(changes, arrival))
  const rows = await store.atomically(statements.flatMap((statement) => [statement, HOW_MANY]))
  return rows.reduce((sum, [row]) => sum + Number(row?.recorded ?? 0), 0)
}
