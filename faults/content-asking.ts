/**
 * Asks for everything again and again, four questions at a time, a process of its own: `content-asking.ts URL SIZE SEED READERS`,
 * until it is told to stop and all has been asked once (in a test one way of each). Then it tells what came of it, as `Asked`.
 */
import { setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { CREDENTIALS } from '../bench/processes.ts'
import { createRandom } from '../simulator/random.ts'
import { ASKING_KEYS } from './askers.ts'
import { MESSAGE_OF } from './hostile-callbacks.ts'
import { MEMBER } from './hostile-requests.ts'
import { inAllWays, namesOf, questionTo, type Question } from './questions.ts'
import { startSlowReaders } from './slow-readers.ts'

/**
 * `endpoints`: by name, those that were asked, out of `of`. `tooBusy`: how often it was answered 503 or not in time; `odd`: what
 * was answered otherwise than with 2xx or 429 besides, and how.
 */
export type Asked = {
  of: number
  endpoints: Record<string, { times: number; slowestMs: number; tooBusy: number; odd: string[] }>
}

const AT_ONCE = 4
// An answer that takes longer is as good as none.
const PATIENCE_MS = 30_000
const TOO_LATE = 'too late'
// An export may hold the whole archive; the rest of one is left unread.
const READ_MAX_BYTES = 30_000_000
// A stream has no end, and is left after this time.
const STREAM_MS = 1500
const LOOK_EVERY_MS = 1000
// Once it is told to stop, what was not asked yet is asked for so long.
const FINISH_WITHIN_MS = 15_000
// In earnest clients are on other machines; here they take what the server leaves of the processor.
const LOWER_PRIORITY = 19

setPriority(LOWER_PRIORITY)
const [, , url = '', size, ...numbers] = process.argv
const [seed, readers] = numbers.map(Number) as [number, number]
let endsAt = Number.POSITIVE_INFINITY
process.once('message', () => (endsAt = performance.now()))
process.once('disconnect', () => process.exit())

const { origin } = new URL(url)
const random = createRandom(seed)
const names = namesOf(
  (await (await fetch(new URL('/openapi.json', url))).json()) as Parameters<typeof namesOf>[0],
)
const asked: Asked = { of: names.length, endpoints: {} }
const cookie = await signIn()
const all = random.shuffled(names.flatMap((name) => (size === 'test' ? { name, way: 0 } : inAllWays(name))))
// Ids of messages that are there, as there may be gaps between them.
const ids: number[] = Object.values(MESSAGE_OF)
const naming = questionTo({ name: 'PUT /api/v1/sellers', way: 0 }, random, ids)
let next = 0

// The questions about one seller need it to be there.
while ((await answerTo(naming)) !== 200);
const endSlowReaders = startSlowReaders(Number(new URL(url).port), readers)
const watching = setInterval(() => void lookForMessages().catch(() => undefined), LOOK_EVERY_MS)
await Promise.all(Array.from({ length: AT_ONCE }, askInTurn))
clearInterval(watching)
endSlowReaders()
process.send?.(asked, () => process.exit())

async function askInTurn() {
  const isOver = () => performance.now() > (next < all.length ? endsAt + FINISH_WITHIN_MS : endsAt)
  while (!isOver()) await ask(all[next++ % all.length]!)
}

async function ask(wanted: { name: string; way: number }) {
  const question = questionTo(wanted, random, ids)
  const { name, method, address } = question
  const begunAt = performance.now()
  const status = await answerTo(question)
  const so = (asked.endpoints[name] ??= { times: 0, slowestMs: 0, tooBusy: 0, odd: [] })
  so.times++
  so.slowestMs = Math.max(so.slowestMs, performance.now() - begunAt)
  if (status === 503 || status === TOO_LATE) so.tooBusy++
  else if (!isAnswer(question, status)) so.odd.push(`${method} ${address}: ${status}`)
}

// A form leads to the page that shows what became of it; a page that leads to another was not shown.
function isAnswer({ method, address }: Question, status: number | string): boolean {
  if (status === 303) return method === 'POST' && address.startsWith('/console/')
  return typeof status === 'number' && (status < 300 || status === 429)
}

/** @returns the status, or what went wrong, in words, when there is no whole answer */
async function answerTo(question: Question): Promise<number | string> {
  const { name, method, address, body, contentType } = question
  const enough = new AbortController()
  const timer = setTimeout(() => enough.abort(TOO_LATE), PATIENCE_MS)
  let bytes = 0
  try {
    const headers = { ...(await credentialFor(name)), ...(contentType && { 'Content-Type': contentType }) }
    const init = { method, headers, signal: enough.signal, redirect: 'manual' as const }
    const answer = await fetch(new URL(address, url), body === null ? init : { ...init, body })
    if (answer.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      await sleep(STREAM_MS)
      await answer.body?.cancel()
    } else
      for await (const chunk of answer.body ?? [])
        if ((bytes += (chunk as Uint8Array).byteLength) > READ_MAX_BYTES) break
    return answer.status
  } catch (error) {
    return error === TOO_LATE ? TOO_LATE : String((error as Error).cause ?? error)
  } finally {
    clearTimeout(timer)
  }
}

async function credentialFor(name: string): Promise<Record<string, string>> {
  // The session of the others goes on.
  if (name === 'POST /console/sign-out') return { Origin: origin, Cookie: await signIn() }
  if (name.includes(' /console')) return { Origin: origin, Cookie: cookie }
  return { Authorization: `Bearer ${random.pick(ASKING_KEYS)}` }
}

/** @returns the session's cookie */
async function signIn(): Promise<string> {
  const form = new URLSearchParams({ password: CREDENTIALS.CONSOLE_PASSWORD })
  const init = { method: 'POST', body: form, headers: { Origin: origin }, redirect: 'manual' as const }
  const answer = await fetch(new URL('/console/sign-in', url), init)
  const [given] = answer.headers.get('Set-Cookie')?.split(';') ?? []
  if (!given) throw new Error(`nobody can sign in: ${answer.status}`)
  return given
}

/** The newest message of each conversation of the hostile member. */
async function lookForMessages() {
  const headers = { Authorization: `Bearer ${ASKING_KEYS[0]}` }
  const answer = await fetch(new URL(`/api/v1/conversations?userId=${MEMBER}`, url), { headers })
  const { items } = (await answer.json()) as { items: { lastMessage: { id: number } }[] }
  ids.push(...items.map(({ lastMessage }) => lastMessage.id))
}
