/** The contenders against each other: the same bodies, the same load, taking turns. */
import { join } from 'node:path'
import { ARCHIVE, runLoad, startServer, type Server } from './processes.ts'

export const CONTENDERS = {
  echo: 'exec node bench/contenders/echo.ts',
  typical: 'exec node bench/contenders/typical.ts',
  ingest: ARCHIVE,
} as const
export type Contender = keyof typeof CONTENDERS

export const CONNECTIONS = [1, 8, 64, 256] as const
// Odd, for the median.
export const TURNS = 3

export type Measured = Turn & { contender: Contender }

/** What one turn of load against one server showed. */
export type Turn = {
  connections: number
  perSecond: number
  p50Ms: number
  p99Ms: number
  failed: number
  /** Cores that the server kept busy; null where the system does not tell. */
  cpuCores: number | null
  peakMemoryBytes: number | null
}

/** The median of some turns each, by requests per second. */
export async function measureContenders(folder: string, seconds: number): Promise<Measured[]> {
  const names = Object.keys(CONTENDERS) as Contender[]
  const servers = await Promise.all(
    names.map((name) => startServer(CONTENDERS[name], join(folder, `${name}.db`))),
  )
  // Numbers go on, so that every message is new to each of them; the first turn warms them up.
  let first = 0
  const turn = async (contender: Contender, connections: number) => {
    const server = servers[names.indexOf(contender)] as Server
    const measured = await measure(server, { connections, seconds, first })
    return { contender, ...measured }
  }
  for (const contender of names) await turn(contender, 64)
  const results: Measured[] = []
  for (const connections of CONNECTIONS) {
    const turns: Measured[] = []
    for (let i = 0; i < TURNS; i++) {
      first += 200_000
      for (const contender of names) turns.push(await turn(contender, connections))
    }
    results.push(...names.map((name) => median(turns.filter(({ contender }) => contender === name))))
  }
  await Promise.all(servers.map((server) => server.stop()))
  return results
}

/** One turn against one server. */
export async function measure(
  server: Server,
  plan: { connections: number; seconds: number; first: number },
): Promise<Turn> {
  const before = server.usage()
  const load = await runLoad({ port: server.port, ...plan })
  const after = server.usage()
  return {
    connections: plan.connections,
    perSecond: load.requests / load.seconds,
    p50Ms: load.p50Ms,
    p99Ms: load.p99Ms,
    failed: load.failed,
    cpuCores: before && after ? (after.cpuSeconds - before.cpuSeconds) / load.seconds : null,
    peakMemoryBytes: after?.peakMemoryBytes ?? null,
  }
}

/** By requests per second. */
export function median<T extends Turn>(turns: readonly T[]): T {
  return turns.toSorted((one, other) => one.perSecond - other.perSecond)[Math.floor(turns.length / 2)] as T
}
