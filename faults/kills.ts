/** Kill -9 of the server under load, again and again on one file. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SimulatedMessage } from '../simulator/message.ts'
import { createRandom } from '../simulator/random.ts'
import { examine, findingsOf } from './examine.ts'
import { messagesOf, startSending } from './sending.ts'
import { kill, startServer } from './server.ts'
import { atLeast, isSo, type Trial } from './trial.ts'

const KILLS = { full: 200, short: 15, test: 3 }
// From the very first callbacks to some thousand.
const LATEST_MS = 1200

export const kills: Trial = {
  name: 'kills',
  title: 'Killed under load',
  promise: [
    'A server killed under load, at whatever moment, has every message that it answered 200 exactly once and unaltered when it',
    'is started again on the same file.',
  ].join('\n'),
  run: async ({ size, seed, folder }) => {
    const path = join(folder, 'archive.db')
    const random = createRandom(seed)
    const messages = messagesOf(seed)
    const acknowledged: SimulatedMessage[] = []
    let underWay = 0
    for (let killed = 0; killed < KILLS[size]; killed++) {
      const server = await startServer(path)
      const sending = startSending(server.url, messages)
      await sleep(random.whole(1, LATEST_MS))
      await kill(server)
      await sending.stop()
      acknowledged.push(...sending.acknowledged)
      underWay += sending.answers.filter(({ answer }) => answer === 'no connection').length
    }
    // Started once more, so that what is examined has been through its own recovery too.
    const last = await startServer(path)
    last.child.kill('SIGTERM')
    return [
      isSo('kill -9 and start again', KILLS[size], KILLS[size]),
      atLeast('callbacks cut off on their way', underWay, 1),
      atLeast('acknowledged', acknowledged.length, KILLS[size]),
      isSo('exit code at last', await last.ended, 0),
      ...findingsOf(examine(path, acknowledged)),
    ]
  },
}
