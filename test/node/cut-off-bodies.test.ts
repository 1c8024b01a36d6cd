import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { KEYS, SETTINGS } from '../support/archive.ts'
import { bearer, signedQuery } from '../support/requests.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from '../support/server-process.ts'

const LENGTHS = {
  declared: ['Content-Length: 300', 'a=b'],
  'not declared': ['Transfer-Encoding: chunked', '3\r\na=b\r\n'],
}

/** Sends the beginning of a request, and leaves once the server waits for its body. */
async function leaveAmidst({ url }: ServerProcess, head: string, [length, body]: readonly string[]) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(`${head}\r\nHost: a\r\nExpect: 100-continue\r\n${length}\r\n\r\n`)
  const [goOn] = (await once(socket, 'data')) as [Buffer]
  expect(goOn.toString()).toMatch(/^HTTP\/1.1 100/)
  socket.write(body ?? '', () => socket.destroy())
}

async function countsOf({ url }: ServerProcess, route: string): Promise<string> {
  const text = await (await fetch(`${url}/metrics`, { headers: bearer(KEYS.metrics) })).text()
  return text
    .split('\n')
    .filter((line) => line.includes('http_requests_total') && line.includes(`"${route}"`))
    .join('\n')
}

it.each(Object.entries(LENGTHS))(
  'a body cut off is no failure of ours, its length %s',
  async (_how, length) => {
    const server = await startServerProcess({
      ...SETTINGS,
      DATABASE_PATH: join(temporaryFolder(), 'archive.db'),
    })
    const query = await signedQuery()
    const heads = {
      '/callbacks/messages': `POST /callbacks/messages?${query} HTTP/1.1`,
      '/api/v1/sellers/:sellerId': `PUT /api/v1/sellers/a HTTP/1.1\r\nAuthorization: Bearer ${KEYS.all}`,
    }
    for (const [route, head] of Object.entries(heads)) {
      await leaveAmidst(server, head, length)
      await expect.poll(() => countsOf(server, route), { timeout: 10_000 }).toMatch(/status="4xx"} 1$/)
      expect(await countsOf(server, route)).not.toContain('5xx')
    }
    expect(server.printed()).not.toMatch(/"level":"error"|unexpected|    at /)
  },
)
