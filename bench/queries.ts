/** The questions that apps and people ask, timed one after the other over one connection. */
import { Agent, get } from 'node:http'
import { latenciesOf, type Latencies } from './latencies.ts'
import { CREDENTIALS, type Server } from './processes.ts'
import { MEMBER_OF_MANY, uidOf } from './traffic.ts'

export type QueryResult = Latencies & { name: string }

const TIMES = 500
const PAGE_SIZE = 50
const LARGEST = 'memberId=1&sellerId=shop1'

const headers = { authorization: `Bearer ${CREDENTIALS.API_KEYS.split(':')[1]}` }

/** @param messages how many the archive holds at least */
export async function timeQueries({ port }: Server, messages: number): Promise<QueryResult[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (path: string) => fetchText(agent, port, path)
  const { _meta } = JSON.parse(await ask(`/chat-records/list?${LARGEST}`)) as { _meta: { pageCount: number } }
  const page = (number: number) => () => `/chat-records/list?${LARGEST}&page=${number}&pageSize=${PAGE_SIZE}`
  const someUid = (i: number) =>
    `/api/v1/messages?msgUID=${uidOf(Math.floor((messages - 1) * ((i * 0.618) % 1)))}`
  const questions: [string, (i: number) => string][] = [
    ['list, first page', page(1)],
    ['list, middle page', page(Math.ceil(_meta.pageCount / 2))],
    ['list, last page', page(_meta.pageCount)],
    ['chat-list, 500 conversations', () => `/chat-records/chat-list?memberId=${MEMBER_OF_MANY}`],
    ['message by msgUID', someUid],
    ['messages of a user', (i) => `/api/v1/messages?userId=shop${i % 997}`],
    ['newest messages', () => '/api/v1/messages'],
    ['newest conversations', () => '/api/v1/conversations'],
    ['search, a frequent word', search(() => '你好')],
    ['search, one character', search(() => '货')],
    ['search, an order number', search(() => '订单号 20241219')],
    ['search, one message', search((i) => String(Math.floor((messages - 1) * ((i * 0.618) % 1))))],
    ['search, a word of nobody', search(() => '清单')],
  ]
  const results: QueryResult[] = []
  for (const [name, pathOf] of questions) results.push({ name, ...(await time(ask, pathOf)) })
  agent.destroy()
  return results
}

const search = (wordOf: (i: number) => string) => (i: number) =>
  `/api/v1/search?q=${encodeURIComponent(wordOf(i))}`

async function time(
  ask: (path: string) => Promise<string>,
  pathOf: (i: number) => string,
): Promise<Latencies> {
  const took: number[] = []
  for (let i = 0; i < TIMES; i++) {
    const startedAt = performance.now()
    await ask(pathOf(i))
    took.push(performance.now() - startedAt)
  }
  return latenciesOf(took)
}

/** Reads the archive page by page until told to stop, as an export does. Gives the number of messages read. */
export async function readEverything({ port }: Server, signal: AbortSignal): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let read = 0
  for (let cursor: string | null = ''; cursor !== null && !signal.aborted;) {
    const page = JSON.parse(
      await fetchText(agent, port, `/api/v1/messages?limit=500${cursor && `&cursor=${cursor}`}`),
    ) as { items: unknown[]; next: string | null }
    read += page.items.length
    cursor = page.next
  }
  agent.destroy()
  return read
}

function fetchText(agent: Agent, port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ agent, port, path, headers, host: '127.0.0.1' }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(text)
          : reject(new Error(`${path}: ${response.statusCode} ${text}`)),
      )
    })
    request.on('error', reject)
  })
}
