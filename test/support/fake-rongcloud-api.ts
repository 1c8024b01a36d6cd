/** RongCloud's server API as the protocol has it, asked as `fetch` would be; it misbehaves when told to. */
import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { answerQuery, type FakeHistory } from './fake-history.ts'
import { sha1Hex } from './requests.ts'

/** Throws what `fetch` throws when there is no answer. */
type Handler = (request: Request) => Response | Promise<Response>

export type FakeApi = {
  url: string
  fetch: Handler
  /** `yyyyMMddHH` of each verified question so far. */
  asked: string[]
  /** What is served as the file of an hour; an hour without one has an empty `url`. */
  files: Map<string, Uint8Array>
  /** Takes the place of the next answers to questions, each once. */
  answers: Handler[]
  /** Takes the place of every download. */
  download: Handler | null
  history: FakeHistory
}

export function createFakeApi(secret: string, url = 'http://api.rongcloud.test'): FakeApi {
  const verified =
    (answer: (request: Request) => Promise<Response>): Handler =>
    async (request) => {
      const next = api.answers.shift()
      if (next) return next(request)
      const [nonce, timestamp, signature] = ['nonce', 'timestamp', 'signature'].map((name) =>
        request.headers.get(name),
      )
      const isSigned = signature === (await sha1Hex(`${secret}${nonce}${timestamp}`))
      return isSigned ? answer(request) : Response.json({ code: 1004 }, { status: 401 })
    }
  const answer = verified(async (request) => {
    const hour = new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer())).get('date') ?? ''
    api.asked.push(hour)
    return Response.json({
      code: 200,
      url: api.files.has(hour) ? `${api.url}/${hour}.zip` : '',
      date: hour,
    })
  })
  const query = verified((request) => answerQuery(api.history, request))
  const serve: Handler = (request) => {
    if (api.download) return api.download(request)
    const file = api.files.get(/\/(\d+)\.zip$/.exec(request.url)?.[1] ?? '')
    return new Response(file && new Uint8Array(file), { status: file ? 200 : 404 })
  }
  const api: FakeApi = {
    url,
    asked: [],
    files: new Map(),
    answers: [],
    download: null,
    history: { items: [], queries: [], members: new Map(), answer: null },
    fetch: (request) => {
      if (request.url.endsWith('/query.json')) return query(request)
      return (request.url.endsWith('/message/history.json') ? answer : serve)(request)
    },
  }
  return api
}

export async function zipOf(members: Record<string, string | Uint8Array>, options = {}): Promise<Uint8Array> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(members)) zip.addBuffer(Buffer.from(content), name, options)
  zip.end()
  return new Uint8Array(await buffer(zip.outputStream))
}
