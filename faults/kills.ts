/** Kill -9 of the server under load, again and again on one file. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createArchiveReader } from '../simulator/archive-reader.ts'
import { systemClock } from '../simulator/clock.ts'
import { createRandom } from '../simulator/random.ts'
import { examine, findingsOf } from './examine.ts'
import { startSending, trafficOf, type Callback } from './sending.ts'
import { API_KEY, APP, kill, startServer } from './server.ts'
import { atLeast, isSo, type Trial } from './trial.ts'

const KILLS = { full: 200, short: 12, test: 3 }
// From the very first callbacks to some thousand.
const LATEST_MS = 800
const LAST_ONES_MS = 1000

export const kills: Trial = {
  name: 'kills',
  title: 'Killed under load',
  promise: [
    'A server killed under load, at whatever moment, has every message and event that it answered 200 exactly once and unaltered',
    'when it is started again on the same file. What was cut off is sent again to the next, as RongCloud does; some of it had been',
    'archived, and only the answer was lost.',
  ].join('\n'),
  run: async ({ size, seed, folder }) => {
    const path = join(folder, 'archive.db')
    const random = createRandom(seed)
    const traffic = trafficOf(seed)
    const acknowledged: Callback[] = []
    let cutOff = 0
    let alreadyArchived = 0
    for (let killed = 0; killed < KILLS[size]; killed++) {
      const server = await startServer(path)
      alreadyArchived += await countArchived(server.url, traffic.unanswered)
      const sending = startSending(server.url, traffic)
      await sleep(random.whole(1, LATEST_MS))
      await kill(server)
      await sending.stop()
      acknowledged.push(...sending.acknowledged)
      cutOff += sending.answers.filter(({ answer }) => answer === 'no connection').length
    }
    const last = await startServer(path)
    const sending = startSending(last.url, traffic)
    await sleep(LAST_ONES_MS)
    await sending.stop()
    last.child.kill('SIGTERM')
    return [
      isSo('kill -9 and start again', KILLS[size], KILLS[size]),
      atLeast('callbacks cut off on their way, and sent again', cutOff, 1),
      atLeast('messages among them that had been archived already', alreadyArchived, size === 'full' ? 1 : 0),
      isSo('callbacks never answered 200', traffic.unanswered.length, 0),
      atLeast('acknowledged', acknowledged.length + sending.acknowledged.length, KILLS[size]),
      isSo('exit code at last', await last.ended, 0),
      ...findingsOf(examine(path, [...acknowledged, ...sending.acknowledged])),
    ]
  },
}

async function countArchived(url: URL, unanswered: readonly Callback[]): Promise<number> {
  const msgUIDs = unanswered.flatMap(({ message }) => (message ? [message.msgUID] : []))
  if (msgUIDs.length === 0) return 0
  const how = { url, appKey: APP.appKey, apiKey: API_KEY, connections: 1, clock: systemClock }
  const reader = createArchiveReader(how)
  const { length } = await reader.find(msgUIDs)
  await reader.close()
  return length
}
