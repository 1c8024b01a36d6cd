/** Whatever anybody sends, to any address. The app is asked without a socket, over a store of its own. */
import { join } from 'node:path'
import { nodeHashing } from '../src/node/hashing.ts'
import { openSqliteStore } from '../src/node/sqlite-store.ts'
import { CONSOLE_PASSWORD, createArchive } from '../test/support/archive.ts'
import { fuzz as send, type Answers } from '../test/support/fuzz/drive.ts'
import { atLeast, isSo, type Trial } from './trial.ts'

const CASES = { full: 1_000_000, short: 50_000, test: 20_000 }

export const fuzz: Trial = {
  name: 'fuzz',
  title: 'Whatever anybody sends',
  promise: `Any bytes to any callback address and any path, parameters, headers and body to any other: **never a 5xx, never a
crash**; what is signed is answered 200 and found again, as a message, as an event or kept aside.`,
  run: async ({ folder, size, seed }) => {
    const store = openSqliteStore(join(folder, 'archive.db'))
    try {
      const archive = createArchive(store, nodeHashing, {})
      const { answers, broken } = await attempt(async () =>
        send(archive, { cases: CASES[size], seed, cookie: await sessionOf(archive) }),
      )
      const count = (kind: string) => answers[kind] ?? 0
      const ready = await archive.request('/readyz')
      return [
        atLeast(
          'requests sent',
          Object.values(answers).reduce((sum, each) => sum + each, 0),
          CASES[size],
        ),
        atLeast('answered 2xx', count('2xx'), CASES[size] / 4),
        atLeast('answered 4xx', count('4xx'), CASES[size] / 10),
        isSo('answered 5xx', count('5xx'), 0),
        isSo('signed and not kept, or otherwise wrong', broken ?? 'none', 'none'),
        isSo('ready afterwards', ready.status, 200),
      ]
    } finally {
      await store.close()
    }
  },
}

async function attempt(
  sending: () => Promise<Answers>,
): Promise<{ answers: Answers; broken: string | null }> {
  try {
    return { answers: await sending(), broken: null }
  } catch (error) {
    const { cause, message } = error as Error
    // The message begins with the seed and the path that find it again; the cases themselves may be pages long.
    return { answers: {}, broken: `${message.slice(0, 200)}: ${String(cause)}` }
  }
}

async function sessionOf(archive: ReturnType<typeof createArchive>): Promise<string> {
  const answer = await archive.request('/console/sign-in', {
    method: 'POST',
    headers: { 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ password: CONSOLE_PASSWORD }).toString(),
  })
  return answer.headers.get('Set-Cookie')?.split(';')[0] ?? ''
}
