/** The power fails under load: every image of the disk opens, is whole and holds what was acknowledged before. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '../simulator/random.ts'
import { syncedNow, takeCrashImage, type Tear } from './crash-image.ts'
import { examine, findingsOf, together, type Examined } from './examine.ts'
import { rmSync } from 'node:fs'
import { messagesOf, startSending } from './sending.ts'
import { kill, startServer } from './server.ts'
import { atLeast, isSo, type Trial } from './trial.ts'

const IMAGES = { full: 200, short: 30, test: 4 }
// An archive stays small enough to be copied and examined in a second.
const IMAGES_PER_ARCHIVE = 20
const APART_MS = [20, 400] as const
// What comes after the newest acknowledgement that counts is what may be torn.
const AT_RISK_MS = [0, 12] as const

export const powerLoss: Trial = {
  name: 'power-loss',
  title: 'Power loss',
  promise: [
    'The server is stopped in the midst of its work and its files are copied. What had not been synced when the newest message',
    'was acknowledged is torn at a random page: cut off, zeroed, overwritten, or written only here and there. How far the log was synced',
    'is read from its index, which SQLite moves on after the sync (`synchronous = FULL`, held by a test of its own).',
  ].join('\n'),
  run: async ({ size, seed, folder }) => {
    const random = createRandom(seed)
    const examined: Examined[] = []
    const tears: Tear[] = []
    let acknowledgements = 0
    for (let left = IMAGES[size]; left > 0; left -= IMAGES_PER_ARCHIVE) {
      const path = join(folder, `${left}.db`)
      const server = await startServer(path)
      const sending = startSending(server.url, messagesOf(seed + left), { connections: 32 })
      for (let image = 0; image < Math.min(left, IMAGES_PER_ARCHIVE); image++) {
        await sleep(random.whole(...APART_MS))
        // In this order: whatever has been acknowledged by now was synced before the index is read.
        const before = sending.acknowledged.length
        const synced = syncedNow(path)
        await sleep(random.whole(...AT_RISK_MS))
        server.child.kill('SIGSTOP')
        const copy = join(folder, 'image.db')
        tears.push(takeCrashImage(path, copy, synced, random))
        server.child.kill('SIGCONT')
        acknowledgements += before
        examined.push(examine(copy, sending.acknowledged.slice(0, before)))
        for (const end of ['', '-wal', '-shm']) rmSync(copy + end, { force: true })
      }
      await kill(server)
      await sending.stop()
    }
    const torn = tears.filter(({ framesTorn }) => framesTorn > 0)
    const kindsSeen = Map.groupBy(torn, ({ kind }) => kind)
    return [
      isSo('images taken under load', examined.length, IMAGES[size]),
      atLeast(
        `of them torn (${[...kindsSeen].map(([kind, { length }]) => `${length} ${kind}`).join(', ')})`,
        torn.length,
        Math.ceil(IMAGES[size] / 4),
      ),
      atLeast(
        'pages torn',
        torn.reduce((sum, { framesTorn }) => sum + framesTorn, 0),
        1,
      ),
      atLeast('acknowledged messages looked for, over all images', acknowledgements, 1),
      ...findingsOf(together(examined)),
    ]
  },
}
