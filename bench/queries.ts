/** The questions that apps and people ask, timed one after the other over one connection. */
import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { latenciesOf, type Latencies } from './latencies.ts'
import { CREDENTIALS, type Server } from './processes.ts'
import { MEMBER_OF_MANY, orderIdUpTo, phoneUpTo, uidOf } from './traffic.ts'

export type QueryResult = Latencies & { name: string }

/** Asks as a back end does, and as the operator that it signed in as. Gives the body of an answer with 200. */
type Ask = (path: string) => Promise<string>

const AUTHORIZATION = `Bearer ${CREDENTIALS.API_KEYS.split(':')[1]}`
const TIMES = 500
const PAGE_SIZE = 50
const LARGEST = 'memberId=1&sellerId=shop1'

/** @param messages how many the archive holds at least */
export async function timeQueries(server: Server, messages: number): Promise<QueryResult[]> {
  const { ask, end } = await createAsk(server)
  const { _meta } = JSON.parse(await ask(`/chat-records/list?${LARGEST}`)) as { _meta: { pageCount: number } }
  const page = (number: number) => () => `/chat-records/list?${LARGEST}&page=${number}&pageSize=${PAGE_SIZE}`
  const someOf = (i: number) => Math.floor((messages - 1) * ((i * 0.618) % 1))
  const someUid = (i: number) => `/api/v1/messages?msgUID=${uidOf(someOf(i))}`
  const phone = (i: number) => phoneUpTo(1000 + someOf(i))
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
    ['search, one message', search((i) => String(someOf(i)))],
    ['search, a phone number', search(phone)],
    ['search, a phone number in groups', search((i) => inGroups(phone(i)))],
    ['search, the last four digits', search((i) => phone(i).slice(-4))],
    ['search, the last six digits', search((i) => phone(i).slice(-6))],
    ['search, the last eight digits', search((i) => phone(i).slice(-8))],
    ['search, an order id in a card', search((i) => orderIdUpTo(1000 + someOf(i)))],
    ['search, a word of nobody', search(() => '清单')],
    ['stats, a week by the hour', () => '/api/v1/stats?per=hour&startTime=2024-01-01&endTime=2024-01-07'],
    ...(await pagesOf(ask)),
  ]
  const results: QueryResult[] = []
  for (const [name, pathOf] of questions) results.push({ name, ...(await time(ask, pathOf)) })
  end()
  return results
}

const inGroups = (phone: string) => `${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}`

const search = (wordOf: (i: number) => string) => (i: number) =>
  `/api/v1/search?q=${encodeURIComponent(wordOf(i))}`

/** The console's pages, the conversation being the largest. */
async function pagesOf(ask: Ask): Promise<[string, (i: number) => string][]> {
  const { items } = JSON.parse(await ask('/api/v1/conversations?userId=1&targetId=shop1')) as {
    items: { id: number }[]
  }
  const chat = `/console/conversations/${items[0]?.id}`
  return [
    ['page: conversations', () => '/console'],
    ['page: conversation', () => chat],
    ['page: conversation, from a day', (i) => `${chat}?date=2024-01-0${1 + (i % 9)}`],
    ['page: search', () => `/console/search?q=${encodeURIComponent('你好')}`],
    ['page: overview, a week', () => '/console/overview'],
    ['page: live', () => '/console/live'],
    ['page: kept aside', () => '/console/deliveries'],
    ['page: access log', () => '/console/accesses'],
  ]
}

/** Searches one after the other until told to stop. Gives their number. */
export async function keepSearching(server: Server, signal: AbortSignal): Promise<number> {
  const { ask, end } = await createAsk(server)
  const words = ['你好', '货', '订单号 20241219', '清单']
  let searched = 0
  for (; !signal.aborted; searched++) await ask(search((i) => words[i % words.length] ?? '')(searched))
  end()
  return searched
}

async function time(ask: Ask, pathOf: (i: number) => string): Promise<Latencies> {
  const took: number[] = []
  for (let i = 0; i < TIMES; i++) {
    const startedAt = performance.now()
    await ask(pathOf(i))
    took.push(performance.now() - startedAt)
  }
  return latenciesOf(took)
}

/** Until the index has come to the newest messages: beyond it a search reads every message, which would be measured instead. */
export async function awaitIndex(server: Server): Promise<void> {
  const { ask, end } = await createAsk(server)
  const behind = async () =>
    Number(/^rongcloud_search_behind_messages (\d+)/m.exec(await ask('/metrics'))?.[1])
  while ((await behind()) > 0) await sleep(200)
  end()
}

const NEW_LINE = 0x0a

/** Pulls exports of the whole archive as fast as they come, until told to stop. Gives the number of their lines. */
export async function readExport({ port }: Server, signal: AbortSignal): Promise<number> {
  let lines = 0
  while (!signal.aborted) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/export`, {
      headers: { authorization: AUTHORIZATION },
    })
    for await (const chunk of answer.body ?? []) {
      for (let at = chunk.indexOf(NEW_LINE); at >= 0; at = chunk.indexOf(NEW_LINE, at + 1)) lines++
      // Leaving the loop ends the request.
      if (signal.aborted) break
    }
  }
  return lines
}

async function createAsk({ port }: Server): Promise<{ ask: Ask; end: () => void }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const origin = `http://127.0.0.1:${port}`
  const signedIn = await fetch(`${origin}/console/sign-in`, {
    method: 'POST',
    headers: { Origin: origin },
    body: new URLSearchParams({ password: CREDENTIALS.CONSOLE_PASSWORD }),
    redirect: 'manual',
  })
  const headers = {
    authorization: AUTHORIZATION,
    cookie: signedIn.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; '),
  }
  return { ask: (path) => fetchText({ agent, port, path, headers }), end: () => agent.destroy() }
}

type Question = { agent: Agent; port: number; path: string; headers: Record<string, string> }

function fetchText({ agent, port, path, headers }: Question): Promise<string> {
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
