/** What reaches RongCloud's logs from a Worker: its network, and memory to hold a download in, for there is no disk. */
import type { Store } from '../archive/store.ts'
import type { Config } from '../config.ts'
import { createJudge, guarded } from '../http/outbound.ts'
import type { Log } from '../domain/ports.ts'
import type { FetchDeps } from '../ingest/fetch-logs.ts'
import type { LogFile } from '../ingest/import-log.ts'
import {
  countMember,
  isForeignName,
  isZip,
  memberName,
  unpacked,
  type Budget,
} from '../rongcloud/history-log/packing.ts'
import { workerHashing } from './hashing.ts'
import { holdBytes, type HeldBytes } from './held-bytes.ts'
import { gunzipped } from './unpacking.ts'
import { listMembers, readMember } from './zip.ts'

// An isolate has 128 MB for everything.
const LIMITS = { downloadBytes: 64 * 1024 ** 2, unpackedBytes: 1024 ** 3 }

// Of one invocation: some seconds of processor time of 30, and some hundreds of D1's 1,000 questions.
const LINES_PER_RUN = 20_000

/** Null when RongCloud is not to be asked. */
export function logFetching(
  { serverApi, logZone, apps, templates }: Config,
  { store, log, now = Date.now }: { store: Store; log: Log; now?: () => number },
): FetchDeps | null {
  if (!serverApi) return null
  return {
    store,
    log,
    now,
    templates,
    logZone,
    apps,
    api: serverApi,
    network: {
      // Workers tell nobody where a name leads.
      fetch: guarded((url, init) => fetch(url, init), serverApi.reaches),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    },
    hashing: workerHashing,
    isTrusted: createJudge(serverApi.reaches, { looksUp: false }).isTrusted,
    openDownload,
    linesPerRun: LINES_PER_RUN,
  }
}

/** A zip is read from its end, so all of it is held. Read each log to its end before asking for the next. */
export async function* openDownload(
  pieces: AsyncIterable<Uint8Array>,
  { downloadBytes, unpackedBytes } = LIMITS,
): AsyncGenerator<LogFile> {
  const held = await holdBytes(pieces, downloadBytes)
  const budget = { left: unpackedBytes }
  if (isZip(held.at(0, Math.min(2, held.length)))) yield* membersOf(held, budget)
  else yield { name: 'log', pieces: unpacked(budget, inOrder(held), gunzipped) }
}

async function* membersOf(zip: HeldBytes, budget: Budget): AsyncGenerator<LogFile> {
  for (const member of listMembers(zip)) {
    countMember(budget)
    yield {
      name: memberName(member.name),
      member: { isForeign: isForeignName(member.name) },
      pieces: unpacked(budget, readMember(zip, member), gunzipped),
    }
  }
}

async function* inOrder(held: HeldBytes): AsyncGenerator<Uint8Array> {
  yield* held.between(0, held.length)
}
