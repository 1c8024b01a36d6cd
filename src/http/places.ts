/**
 * How many requests of one credential are answered at a time, so that nobody's many or slow questions hold up the others. A place
 * is held until the client has taken the answer: what waits in memory for a slow reader counts.
 */
import { ArchiveError } from '../domain/errors.ts'

/** `page`: made at once. `search`: made beside the thread that answers. `poll`: may wait for something to arrive. `export`: written for as long as it is read. */
export type Kind = keyof typeof PLACES

// Of each credential. What waits in line for a page is a few KB; what finds no place at all is refused.
const PLACES = {
  page: { atOnce: 4, inLine: 100 },
  search: { atOnce: 4, inLine: 100 },
  poll: { atOnce: 10, inLine: 0 },
  export: { atOnce: 2, inLine: 0 },
} as const

const RETRY_AFTER_SECONDS = 2

/**
 * Waits for a place and gives what leaves it.
 * @param gone when nobody waits for the answer any more
 * @throws ArchiveError `too_many_requests` when too many wait already
 */
export type Enter = (who: string, kind: Kind, gone?: Promise<void>) => Promise<() => void>

/** In the order of their coming. */
type Line = { inside: number; waiting: Set<() => void> }

export function createPlaces(): Enter {
  const lines = new Map<string, Line>()

  return async (who, kind, gone) => {
    const name = `${kind} ${who}`
    const line = lines.get(name) ?? { inside: 0, waiting: new Set() }
    lines.set(name, line)
    const { atOnce, inLine } = PLACES[kind]
    if (line.inside < atOnce) line.inside++
    else if (line.waiting.size >= inLine) throw tooManyAtOnce(kind)
    else await turnIn(line, gone)
    return () => leave(name, line)
  }

  /** Whoever is next takes the place over. */
  function leave(name: string, line: Line) {
    const [next] = line.waiting
    if (next) {
      line.waiting.delete(next)
      next()
    } else if (--line.inside === 0) lines.delete(name)
  }
}

async function turnIn({ waiting }: Line, gone?: Promise<void>): Promise<void> {
  const turn = Promise.withResolvers<'come'>()
  const come = () => turn.resolve('come')
  waiting.add(come)
  if ((await Promise.race([turn.promise, ...(gone ? [gone] : [])])) === 'come') return
  // Both may have happened: a place that was given is then left by whoever it was given to.
  if (waiting.delete(come)) throw new ArchiveError('too_many_requests', 'the client is gone')
}

function tooManyAtOnce(kind: Kind): ArchiveError {
  const what = kind === 'export' ? 'exports' : 'requests'
  const message = `too many ${what} at the same time with this credential`
  return new ArchiveError('too_many_requests', message, { retryAfterSeconds: RETRY_AFTER_SECONDS })
}
