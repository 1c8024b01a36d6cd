/** Requests to nginx as different clients. */
import { once } from 'node:events'
import { request as requestPlain, type IncomingMessage } from 'node:http'
import { request, type Agent } from 'node:https'
import { sign } from '../../simulator/sign.ts'
import { APP, FROM, NAME } from './clients.ts'

export type Asked = {
  from?: string
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string
  /** The name that TLS asks for. */
  servername?: string
  /** Without one each request has a connection of its own. */
  agent?: Agent | false
}

export type Answer = { status: number; headers: IncomingMessage['headers']; text: string }

/** @throws when it is hung up on */
export async function ask(port: number, asked: Asked = {}): Promise<Answer> {
  const answer = await open(port, asked)
  let text = ''
  for await (const piece of answer.setEncoding('utf8')) text += String(piece)
  return { status: answer.statusCode ?? 0, headers: answer.headers, text }
}

/** The same, once its headers are here. */
export async function open(port: number, asked: Asked): Promise<IncomingMessage> {
  const { from = FROM.stranger, path = '/healthz', body, headers = {}, ...others } = asked
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
  const sent = request({
    host: '127.0.0.1',
    port,
    localAddress: from,
    path,
    agent: false,
    servername: NAME,
    rejectUnauthorized: false,
    ...others,
    headers: { Host: NAME, ...length, ...headers },
  })
  const [answer] = (await once(sent.end(body), 'response')) as [IncomingMessage]
  return answer
}

/** Without TLS. */
export async function askPlainly(port: number, method: string, host = NAME): Promise<Answer> {
  const options = {
    host: '127.0.0.1',
    port,
    method,
    path: '/console?a=b',
    headers: { Host: host },
    agent: false,
  }
  const [answer] = (await once(requestPlain(options).end(), 'response')) as [IncomingMessage]
  answer.resume()
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: '' }
}

/** A message callback as RongCloud sends it. */
export function callback(
  msgUID: string,
  { from = FROM.rongCloud, path = '/callbacks/messages' } = {},
): Asked {
  const fields = {
    fromUserId: '1001',
    toUserId: '42',
    objectName: 'RC:TxtMsg',
    content: '{"content":"hello"}',
    channelType: 'PERSON',
    msgTimestamp: String(Date.now()),
    msgUID,
  }
  const { query } = sign(APP, 'query', { timeMs: Date.now() })
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const body = new URLSearchParams(fields).toString()
  return { from, method: 'POST', path: path + query, headers, body }
}
