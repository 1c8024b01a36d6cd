/** HTTP on Node: what a client may take for itself, and a clean end. */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { serve, type HttpBindings } from '@hono/node-server'
import type { NodeConfig } from '../config.ts'
import { factsOf } from '../domain/errors.ts'
import type { Log } from '../domain/ports.ts'

const LAST_ANSWERS_MS = 3000
const IDLE_CHECK_MS = 50

// However slow or hostile a client is.
const LIMITS = {
  headersTimeout: 10_000,
  // Of the whole request; a body has at most 1 MiB.
  requestTimeout: 30_000,
  // Longer than proxies keep theirs: whoever closes first must not be we, or a request may be on its way.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16_384,
}
// Of a client that neither sends nor reads; no answer is silent for so long.
const SILENT_MAX_MS = 120_000
// An idle one costs some 10 KB.
const CONNECTIONS_MAX = 10_000
// Of one connection. All that comes in one packet is asked at once, and its answers wait in memory for each other.
const UNANSWERED_MAX = 10

type Fetch = Parameters<typeof serve>[0]['fetch']

/** @throws an error for the operator when the address cannot be had */
export function listen(
  fetch: Fetch,
  { host, port }: Pick<NodeConfig, 'host' | 'port'>,
  log: Log,
): Promise<{ server: Server; port: number }> {
  return new Promise((resolve, reject) => {
    const limited = { fetch: limitPipelines(fetch), hostname: host, port, serverOptions: LIMITS }
    const server = serve(limited, (address) => resolve({ server, port: address.port })) as Server
    server.maxConnections = CONNECTIONS_MAX
    server.setTimeout(SILENT_MAX_MS)
    server.on('error', (error) => {
      // Unheard, it would end the process.
      if (server.listening) log.error('the server has an error', factsOf(error))
      else reject(new Error(`cannot listen on ${host} port ${port}: ${error.message}`, { cause: error }))
    })
  })
}

/** When the socket has taken the answer to a request, or is closed. */
export function answerTaken({ outgoing }: HttpBindings): Promise<void> {
  return new Promise((resolve) => {
    if (outgoing.destroyed || outgoing.closed) resolve()
    else outgoing.once('close', resolve)
  })
}

/** Hangs up on who asks for more than it waits for. */
function limitPipelines(fetch: Fetch): Fetch {
  const unanswered = new WeakMap<Socket, number>()
  const add = (socket: Socket, change: 1 | -1) => {
    const count = (unanswered.get(socket) ?? 0) + change
    unanswered.set(socket, count)
    return count
  }
  return (request, bindings) => {
    const { incoming, outgoing } = bindings as HttpBindings
    const { socket } = incoming
    outgoing.once('close', () => add(socket, -1))
    if (add(socket, 1) > UNANSWERED_MAX) socket.destroy()
    // What came behind it in the same packet is asked all the same.
    return socket.destroyed ? new Response(null, { status: 503 }) : fetch(request, bindings)
  }
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that is kept for more is idle once its last answer is out.
    const closing = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS)
    server.close(() => {
      clearInterval(closing)
      resolve()
    })
    // A busy one would go on with its next request.
    server.prependListener('request', (_request, response) => (response.shouldKeepAlive = false))
    // A request that never ends must not keep the service from ending.
    setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS).unref()
  })
}
