/** RongCloud's server API as the protocol has it, over real HTTP on loopback; it misbehaves when told to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer, text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { ZipFile } from 'yazl'
import { sha1Hex } from './requests.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

export type FakeApi = {
  url: string
  /** `yyyyMMddHH` of each verified question so far. */
  asked: string[]
  /** What is served as the file of an hour; an hour without one has an empty `url`. */
  files: Map<string, Uint8Array>
  /** Takes the place of the next answers to questions, each once. */
  answers: Handler[]
  /** Takes the place of every download. */
  download: Handler | null
}

export async function startFakeApi(secret: string): Promise<FakeApi> {
  const api: FakeApi = { url: '', asked: [], files: new Map(), answers: [], download: null }
  const server = createServer((request, response) => {
    const handle = request.url === '/message/history.json' ? answer : serve
    void Promise.resolve(handle(request, response))
  })
  const answer: Handler = async (request, response) => {
    const next = api.answers.shift()
    if (next) return next(request, response)
    const { nonce, timestamp, signature } = request.headers
    const isSigned = signature === (await sha1Hex(`${secret}${String(nonce)}${String(timestamp)}`))
    if (!isSigned) return json(response, 401, { code: 1004 })
    const hour = new URLSearchParams(await text(request)).get('date') ?? ''
    api.asked.push(hour)
    return json(response, 200, {
      code: 200,
      url: api.files.has(hour) ? `${api.url}/${hour}.zip` : '',
      date: hour,
    })
  }
  const serve: Handler = (request, response) => {
    if (api.download) return api.download(request, response)
    const file = api.files.get(/\/(\d+)\.zip$/.exec(request.url ?? '')?.[1] ?? '')
    return response.writeHead(file ? 200 : 404).end(file)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  api.url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return api
}

export function json(response: ServerResponse, status: number, body: unknown) {
  return response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

export async function zipOf(members: Record<string, string | Uint8Array>, options = {}): Promise<Uint8Array> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(members)) zip.addBuffer(Buffer.from(content), name, options)
  zip.end()
  return buffer(zip.outputStream)
}
