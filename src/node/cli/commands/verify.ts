/** `archive verify` and `rebuild`: whether what was derived agrees with the messages, and making it so. */
import type { Command } from 'commander'
import { sql } from 'drizzle-orm'
import { DERIVED, type Derived } from '../../../archive/derived.ts'
import { findNewest } from '../../../archive/feed.ts'
import { countFurther, MISCOUNTED_HOURS, recountStatements } from '../../../archive/message-counts.ts'
import { clearSearchIndex, findMisindexed, getSearchProgress } from '../../../archive/search-index.ts'
import type { Store } from '../../../archive/store.ts'
import { indexFurther } from '../../../ingest/index-messages.ts'
import { rederiveChanges } from '../../../ingest/rederive-changes.ts'
import { rederiveSides } from '../../../ingest/rederive-sides.ts'
import { examples } from '../examples.ts'
import type { Io } from '../io.ts'
import { patient } from '../../patient-store.ts'
import { printCheck, usableOrThrow } from '../soundness.ts'
import { stoppable } from '../stoppable.ts'

const MENDED_AT_ONCE = 200
const COUNTED_AT_ONCE = 2000

export function addVerifyCommands(program: Command, io: Io): void {
  program
    .command('verify')
    .description('Reads the archive through, and compares what was derived with what it was derived from.')
    .addHelpText('after', examples('verify', 'verify --json'))
    .action(async () => {
      const { databasePath } = io.settings()
      printCheck(io, databasePath, await usableOrThrow(io, databasePath))
    })
  program
    .command('rebuild')
    .description('Derives again what follows from the messages, and tells what was wrong.')
    .addHelpText('after', examples('rebuild'))
    .action(async () => {
      const store = patient(io.openStore())
      const mended: Record<string, number> = {
        sides: await sortAgain(io, store),
        changes: await readChangesAgain(io, store),
      }
      for (const derived of DERIVED) mended[derived.name] = await mend(io, store, derived)
      mended.hours = await recount(io, store)
      mended['search index'] = await reindex(io, store)
      const lines = Object.entries(mended).map(([name, count]) => `${name}: ${count} were wrong`)
      io.print({ mended }, lines.join('\n'))
    })
}

// Of apps that are not set up nobody knows the templates.
async function sortAgain(io: Io, store: Store): Promise<number> {
  const { apps, templates } = io.settings()
  const progress = stoppable(io, 'telling members from sellers', null)
  const mended = await rederiveSides(
    store,
    { templates, appKeys: apps.map(({ appKey }) => appKey) },
    progress.step,
  )
  progress.stop()
  return mended
}

async function readChangesAgain(io: Io, store: Store): Promise<number> {
  const { messageId } = await findNewest(store)
  const progress = stoppable(io, 'reading what messages say', messageId)
  const recorded = await rederiveChanges(store, 0, progress.step)
  progress.stop()
  return recorded
}

async function mend(io: Io, store: Store, { name, differing, mend: statementFor }: Derived): Promise<number> {
  io.say(`comparing ${name}`)
  const ids = (await store.db.all<[number]>(sql.raw(differing))).map(([id]) => id)
  const progress = stoppable(io, `mending ${name}`, ids.length)
  progress.step(0)
  for (let i = 0; i < ids.length; i += MENDED_AT_ONCE) {
    const some = ids.slice(i, i + MENDED_AT_ONCE)
    await store.atomically([statementFor(some)])
    progress.step(some.length)
  }
  progress.stop()
  return ids.length
}

/** Behind the messages as ever; callbacks go between. */
async function recount(io: Io, store: Store): Promise<number> {
  io.say('comparing the numbers of hours')
  const { length } = await store.db.all(sql.raw(MISCOUNTED_HOURS))
  const { messageId } = await findNewest(store)
  const progress = stoppable(io, 'counting', length > 0 ? messageId : null)
  progress.step(0)
  if (length > 0) await store.atomically(recountStatements(0))
  while (await countFurther(store, COUNTED_AT_ONCE)) progress.step(COUNTED_AT_ONCE)
  progress.stop()
  return length
}

/** The whole index when any of it is wrong. It can be ended: the server goes on with it. */
async function reindex(io: Io, store: Store): Promise<number> {
  io.say('comparing the search index')
  const wrong = await findMisindexed(store)
  if (wrong === 0) return 0
  await clearSearchIndex(store)
  const { newestId } = await getSearchProgress(store)
  const progress = stoppable(io, 'indexing', newestId)
  for (let done = 0; (await indexFurther(store)).isBehind;) {
    const { indexedUpTo } = await getSearchProgress(store)
    progress.step(indexedUpTo - done)
    done = indexedUpTo
  }
  progress.stop()
  return wrong
}
