/**
 * The main thread's end of the writer: collects the units that wait at the same time, sends them as one parcel,
 * which is one commit, and answers each.
 */
import type { CommitNoter, Row, Statement, Store, Vitals } from '../../archive/store.ts'
import { ArchiveError } from '../../domain/errors.ts'
import { errorOf } from './failure.ts'
import { startThread } from './thread.ts'
import type { Committed, Parcel, Unit, UnitResult } from './writer.ts'

// A third of a second's work at 12,000 a second: whoever comes later is better served by a 503 now than by a time-out.
const WAITING_MAX = 4000

// The same where the database is slower than that. A callback waits for its turn, for another process's lock, and for
// that once more when it has to make its conversation: less than a second in all.
const WAITING_MAX_MS = 350
const LOOK_EVERY_MS = 50

// Bounds how long the first of a commit waits for the last.
const UNITS_PER_PARCEL = 512

// One that is being committed and one that the writer finds when it is done. More would make smaller commits, and
// waking the other thread costs more than anything in the parcel.
const PARCELS_AT_WRITER = 1

// RongCloud waits five seconds: a disk that takes longer for a commit had better be answered for.
const COMMIT_MAX_MS = 4000

type Waiting = { sinceMs: number; resolve: (rows: Row[][]) => void; reject: (error: unknown) => void }

export type WriterThread = {
  run: Store['atomically']
  vitals: () => Vitals
  close: () => Promise<void>
}

type WriterOptions = {
  /** Callers would rather hear no than wait: RongCloud waits five seconds, a command as long as it takes. */
  isHurried: boolean
  onCommit: CommitNoter | undefined
}

export function startWriter(path: string, { isHurried, onCommit }: WriterOptions): WriterThread {
  const waiting = new Map<number, Waiting>()
  const { pack, takeNewTexts } = createPacker()
  let outbox: Unit[] = []
  // They end what is half done: each is the next of one that has waited already.
  let next: Unit[] = []
  let parcelsAtWriter = 0
  let lastId = 0
  const commits = createCommitLog(onCommit)
  let ended: ArchiveError | undefined
  // While a commit takes too long, nothing more is accepted; what was sent may yet be stored, and a retry finds it.
  let stalled: ArchiveError | undefined
  let watch: NodeJS.Timeout | undefined
  // Why the last commit failed: what waits any longer waits for the same.
  let trouble: ArchiveError | undefined

  const rejectAll = (reason: ArchiveError) => {
    for (const { reject } of waiting.values()) reject(reason)
    waiting.clear()
    outbox = []
    next = []
  }

  const thread = startThread('./writer.ts', path, {
    onMessage: ({ results, ms }: Committed) => {
      parcelsAtWriter--
      commits.note({ results, ms })
      clearInterval(watch)
      stalled = undefined
      trouble = troubleIn(results)
      for (const result of results) settle(waiting, result)
      flush()
    },
    onEnd: (reason) => {
      ended = reason
      clearInterval(watch)
      rejectAll(reason)
    },
  })
  const flush = () => {
    refuseLate()
    if (next.length + outbox.length > 0 && parcelsAtWriter < PARCELS_AT_WRITER) send()
  }
  const send = () => {
    parcelsAtWriter++
    const units = next.splice(0, UNITS_PER_PARCEL)
    units.push(...outbox.splice(0, UNITS_PER_PARCEL - units.length))
    thread.send({ newTexts: takeNewTexts(), units } satisfies Parcel)
    const sentAtMs = performance.now()
    watch = setInterval(() => {
      refuseLate()
      if (performance.now() - sentAtMs > COMMIT_MAX_MS) rejectAll((stalled = tooSlow()))
    }, LOOK_EVERY_MS).unref()
  }
  const refuseLate = () => isHurried && refuseLateOf(outbox, waiting, trouble)

  return {
    vitals: () => ({ writesWaiting: waiting.size, lastCommitAtMs: commits.lastAtMs() }),
    run: (statements, turn) =>
      new Promise((resolve, reject) => {
        const refusal = ended ?? stalled
        if (refusal) return reject(refusal)
        if (isHurried && waiting.size >= WAITING_MAX && turn !== 'next') return reject(overloaded())
        const id = ++lastId
        waiting.set(id, { sinceMs: performance.now(), resolve, reject })
        const queue = turn === 'next' ? next : outbox
        queue.push({ id, statements: statements.map(pack) })
        if (queue.length === 1) setImmediate(flush)
      }),
    close: () => {
      while (next.length + outbox.length > 0) send()
      return thread.close()
    },
  }
}

/** Each text of SQL goes to the writer once. */
function createPacker() {
  const texts = new Map<string, number>()
  let newTexts: string[] = []
  return {
    pack: ({ sql, params }: Statement) => {
      let text = texts.get(sql)
      if (text === undefined) {
        text = texts.size
        texts.set(sql, text)
        newTexts.push(sql)
      }
      return { text, params }
    },
    takeNewTexts: () => {
      const taken = newTexts
      newTexts = []
      return taken
    },
  }
}

/** None of them has been sent, so none of them is stored. */
function refuseLateOf(outbox: Unit[], waiting: Map<number, Waiting>, trouble?: ArchiveError) {
  const latest = performance.now() - WAITING_MAX_MS
  const inTime = outbox.findIndex(({ id }) => (waiting.get(id)?.sinceMs ?? 0) > latest)
  for (const { id } of outbox.splice(0, inTime < 0 ? outbox.length : inTime)) {
    waiting.get(id)?.reject(trouble ?? overloaded())
    waiting.delete(id)
  }
}

function troubleIn(results: readonly UnitResult[]): ArchiveError | undefined {
  for (const result of results) {
    const error = 'failure' in result ? errorOf(result.failure) : null
    if (error instanceof ArchiveError) return error
  }
  return undefined
}

function tooSlow(): ArchiveError {
  return new ArchiveError('unavailable', 'the database takes too long to commit')
}

function createCommitLog(onCommit: CommitNoter | undefined) {
  let lastAtMs: number | null = null
  return {
    lastAtMs: () => lastAtMs,
    note: ({ results, ms }: Committed) => {
      if (!results.some((result) => 'rows' in result)) return
      lastAtMs = Date.now()
      onCommit?.({ units: results.length, ms })
    },
  }
}

function overloaded(): ArchiveError {
  return new ArchiveError('overloaded', 'the database does not keep up with what is to be written')
}

function settle(waiting: Map<number, Waiting>, result: UnitResult) {
  const caller = waiting.get(result.id)
  waiting.delete(result.id)
  if ('failure' in result) caller?.reject(errorOf(result.failure))
  else caller?.resolve(result.rows)
}
