/** What reaches RongCloud's logs from Node: its network, and a file on the disk to unpack a download from. */
import { randomUUID } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '../archive/store.ts'
import type { Config } from '../config.ts'
import type { Log } from '../domain/ports.ts'
import type { FetchDeps } from '../ingest/fetch-logs.ts'
import type { LogFile } from '../ingest/import-log.ts'
import { nodeHashing } from './hashing.ts'
import { within } from '../rongcloud/history-log/packing.ts'
import { logsIn } from './log-files.ts'
import { createOutbound } from './outbound.ts'
import { patient } from './patient-store.ts'

// An hour of the busiest apps is some gigabytes of text, which pack ten to one.
const LIMITS = { downloadBytes: 2 * 1024 ** 3, unpackedBytes: 16 * 1024 ** 3 }

type Surroundings = { store: Store; log: Log; now?: () => number; signal: AbortSignal }

/** Null when RongCloud is not to be asked. @param signal ends what is under way */
export function logFetching(
  { serverApi, logZone, apps, templates }: Config,
  { store, log, now = Date.now, signal }: Surroundings,
): FetchDeps | null {
  if (!serverApi) return null
  const { fetch, isTrusted } = createOutbound(serverApi.reaches, { signal })
  const network = {
    fetch,
    sleep: (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined),
  }
  return {
    store: patient(store, { signal }),
    log,
    now,
    templates,
    logZone,
    apps,
    api: serverApi,
    network,
    hashing: nodeHashing,
    isTrusted,
    openDownload,
    linesPerRun: Infinity,
  }
}

/** A zip is read from its end, so it is on the disk before it is unpacked. */
export async function* openDownload(
  pieces: AsyncIterable<Uint8Array>,
  { downloadBytes, unpackedBytes } = LIMITS,
): AsyncGenerator<LogFile> {
  const file = await openUnnamed()
  try {
    await file.writeFile(within({ left: downloadBytes }, pieces))
    yield* logsIn(file, 'log', { maxBytes: unpackedBytes })
  } finally {
    await file.close()
  }
}

// Without a name it is gone when this process is, however that ends.
async function openUnnamed(): Promise<FileHandle> {
  const path = join(tmpdir(), `rongcloud-log-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  await unlink(path)
  return file
}
