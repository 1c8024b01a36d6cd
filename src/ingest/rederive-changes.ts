/**
 * What archived messages say of others, told once more: those that were archived before this program understood them
 * said nothing then. What was written over REST never does.
 */
import { changeStatements } from '../archive/changes.ts'
import { listSaying, sayingSql } from '../archive/derived.ts'
import { findNewest } from '../archive/feed.ts'
import type { Statement, Store } from '../archive/store.ts'
import type { MessageChange } from '../domain/message-change.ts'
import type { Arrival, Message } from '../domain/message.ts'
import { changesOfMessage, SIGNALS } from '../rongcloud/changes/index.ts'

// Ids at a time, and messages in one unit: some 20 ms of the thread that writes.
const WINDOW = 5000
const AT_ONCE = 200

export type Said = { id: number; changes: MessageChange[]; arrival: Pick<Arrival, 'receivedAtMs' | 'origin'> }

/** Windows of ids from behind `afterId`, and the SQL that gives their messages that may say something. */
export function* windowsOf(afterId: number, throughId: number): Generator<string> {
  for (let id = afterId; id < throughId; id += WINDOW)
    yield sayingSql(SIGNALS, id, Math.min(id + WINDOW, throughId))
}

/** @param row one of `windowsOf` */
export function saidBy(row: string): Said {
  const { id, ...message } = JSON.parse(row) as Message & Arrival & { id: number }
  return { id, changes: changesOfMessage(message), arrival: message }
}

/**
 * Gives the number of changes that were not there. Repeating it is harmless.
 * @param step so many more ids were looked at
 */
export async function rederiveChanges(
  store: Store,
  afterId = 0,
  step: (ids: number) => void = () => undefined,
): Promise<number> {
  const { messageId } = await findNewest(store)
  let recorded = 0
  for (const window of windowsOf(afterId, messageId)) {
    const said = (await listSaying(store, window)).map(saidBy).filter(({ changes }) => changes.length > 0)
    for (let i = 0; i < said.length; i += AT_ONCE) recorded += await record(store, said.slice(i, i + AT_ONCE))
    step(WINDOW)
  }
  return recorded
}

const HOW_MANY: Statement = { sql: 'SELECT changes() AS recorded', params: [] }

async function record(store: Store, said: readonly Said[]): Promise<number> {
  const statements = said.flatMap(({ changes, arrival }) => changeStatements(changes, arrival))
  const rows = await store.atomically(statements.flatMap((statement) => [statement, HOW_MANY]))
  return rows.reduce((sum, [row]) => sum + Number(row?.recorded ?? 0), 0)
}
