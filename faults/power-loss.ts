/** The power fails under load: every image of the disk opens, is whole and holds what was acknowledged before. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom, type Random } from '../simulator/random.ts'
import { checkpointNow, syncedNow, takeCrashImage, type Tear } from './crash-image.ts'
import { examine, findingsOf, together, type Examined } from './examine.ts'
import { rmSync } from 'node:fs'
import { startSending, trafficOf } from './sending.ts'
import { startHelper, startServer } from './server.ts'
import { atLeast, isSo, timed, type Trial } from './trial.ts'

const IMAGES = { full: 200, short: 30, test: 10 }
// An archive stays small enough to be copied and examined in a second.
const IMAGES_PER_ARCHIVE = 20
const APART_MS = [20, 400] as const
// What comes after the newest acknowledgement that counts is what may be torn.
const AT_RISK_MS = [0, 12] as const
const CHECKPOINT_WITHIN_MS = 200
const INTO_CHECKPOINT_MS = [0, 3] as const

export const powerLoss: Trial = {
  name: 'power-loss',
  title: 'Power loss',
  promise: [
    'The server is stopped in the midst of its work and its files are copied. What had not been synced when the newest callback',
    'was acknowledged is torn at a random page: cut off, zeroed, overwritten, or written only here and there. How far the log was synced',
    'is read from its index, which SQLite moves on after the sync (`synchronous = FULL`, held by a test of its own). Half of the time',
    'it is stopped while a checkpoint writes the database file; the pages that it is about to write are torn too. (Checkpoints are',
    'made by another process, many times as often as the server would.)',
  ].join('\n'),
  run: async ({ size, seed, folder }) => {
    const random = createRandom(seed)
    const examined: Examined[] = []
    const tears: Tear[] = []
    let acknowledgements = 0
    for (let left = IMAGES[size]; left > 0; left -= IMAGES_PER_ARCHIVE) {
      const path = join(folder, `${left}.db`)
      const server = await startServer(path)
      const processes = [server.child, startHelper('checkpointer.ts', path)]
      const sending = startSending(server.url, trafficOf(seed + left), { connections: 32 })
      for (let image = 0; image < Math.min(left, IMAGES_PER_ARCHIVE); image++) {
        await sleep(random.whole(...APART_MS))
        // In this order: whatever has been acknowledged by now was synced before the index is read.
        const before = sending.acknowledged.length
        const synced = syncedNow(path)
        if (random.chance(0.5)) spinIntoCheckpoint(path, random)
        else await sleep(random.whole(...AT_RISK_MS))
        for (const process of processes) process.kill('SIGSTOP')
        const copy = join(folder, 'image.db')
        tears.push(takeCrashImage(path, copy, synced, random))
        for (const process of processes) process.kill('SIGCONT')
        acknowledgements += before
        examined.push(examine(copy, sending.acknowledged.slice(0, before)))
        for (const end of ['', '-wal', '-shm']) rmSync(copy + end, { force: true })
      }
      for (const process of processes) process.kill('SIGKILL')
      await server.ended
      await sending.stop()
    }
    const torn = tears.filter(({ framesTorn }) => framesTorn > 0)
    return [
      isSo('images taken under load', examined.length, IMAGES[size]),
      // What was not synced at that moment: little where the machine has other work.
      timed(atLeast('of them with a torn log', torn.length, Math.ceil(IMAGES[size] / 4))),
      atLeast('ways of tearing it', new Set(torn.map(({ kind }) => kind)).size, size === 'test' ? 1 : 4),
      atLeast(
        'pages of logs torn',
        sum(tears, ({ framesTorn }) => framesTorn),
        1,
      ),
      atLeast(
        'images with a torn database file',
        tears.filter(({ pagesTorn }) => pagesTorn > 0).length,
        size === 'test' ? 0 : IMAGES[size] / 10,
      ),
      atLeast(
        'pages of these torn',
        sum(tears, ({ pagesTorn }) => pagesTorn),
        size === 'test' ? 0 : 1,
      ),
      atLeast('acknowledged callbacks looked for, over all images', acknowledgements, 1),
      ...findingsOf(together(examined)),
    ]
  },
}

function sum(tears: readonly Tear[], of: (tear: Tear) => number): number {
  return tears.reduce((total, tear) => total + of(tear), 0)
}

/** Waits without letting go, for a checkpoint is soon over. */
function spinIntoCheckpoint(path: string, random: Random) {
  const until = performance.now() + CHECKPOINT_WITHIN_MS
  const isAtWork = () => checkpointNow(path).begun > checkpointNow(path).done
  while (!isAtWork() && performance.now() < until);
  const furtherUntil = performance.now() + random.whole(...INTO_CHECKPOINT_MS)
  while (performance.now() < furtherUntil);
}
