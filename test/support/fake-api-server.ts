/** The fake of RongCloud's server API over real HTTP on loopback. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { createFakeApi, type FakeApi } from './fake-rongcloud-api.ts'

export async function startFakeApi(secret: string): Promise<FakeApi> {
  const server = createServer((request, response) => {
    // Whoever throws hangs up.
    answer(api, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const api = createFakeApi(secret, `http://127.0.0.1:${(server.address() as { port: number }).port}`)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return api
}

async function answer(api: FakeApi, request: IncomingMessage, response: ServerResponse) {
  const { method = 'GET', headers, url = '/' } = request
  const body = method === 'POST' ? new Uint8Array(await buffer(request)) : null
  const given = await api.fetch(
    new Request(api.url + url, { method, headers: headers as Record<string, string>, body }),
  )
  response.writeHead(given.status, Object.fromEntries(given.headers))
  await pipeline(given.body ? Readable.fromWeb(given.body as never) : Readable.from([]), response)
}
