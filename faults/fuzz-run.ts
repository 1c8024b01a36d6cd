/**
 * A share of the fuzzing, a process of its own: `fuzz-run.ts DATABASE CASES SEED` asks the app without a socket, over a
 * store of its own. Prints `Fuzzed`.
 */
import { nodeHashing } from '../src/node/hashing.ts'
import { openSqliteStore } from '../src/node/sqlite-store.ts'
import { createArchive } from '../test/support/archive.ts'
import { SETTINGS } from '../test/support/fuzz/credentials.ts'
import { fuzz, type Answers } from '../test/support/fuzz/drive.ts'

/** `broken`: what broke a promise, and how to find it again; null when nothing did. */
export type Fuzzed = { answers: Answers; broken: string | null; readyAfterwards: number }

const [, , path = '', ...numbers] = process.argv
const [cases, seed] = numbers.map(Number) as [number, number]
const store = openSqliteStore(path)
const archive = createArchive(store, nodeHashing, SETTINGS)
const outcome = await fuzz(archive, { cases, seed }).then(
  (answers) => ({ answers, broken: null }),
  ({ message, cause }: Error) => ({
    answers: {},
    // The message begins with the seed and the path that find it again; the cases themselves may be pages long.
    broken: `${message.slice(0, 200)}: ${String(cause)}`,
  }),
)
const { status } = await archive.request('/readyz')
await store.close()
process.stdout.write(JSON.stringify({ ...outcome, readyAfterwards: status } satisfies Fuzzed))
