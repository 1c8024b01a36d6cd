/** Server-Sent Events, read as a browser reads them. */
import { expect } from 'vitest'
import type { Operator } from './signed-in.ts'

export type ServerEvent = { type: string; id: string; data: string }

export type EventReader = {
  /** Null when the stream has ended. */
  next: () => Promise<ServerEvent | null>
  /** So many events that show something. */
  take: (count: number) => Promise<ServerEvent[]>
  leave: () => Promise<void>
}

export async function openStream(
  { get }: Operator,
  path: string,
  headers: Record<string, string> = {},
): Promise<EventReader> {
  const answer = await get(path, headers)
  expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'text/event-stream'])
  if (!answer.body) throw new Error('the answer has no body')
  return readEvents(answer.body)
}

export function readEvents(body: ReadableStream<Uint8Array>): EventReader {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  const next = async (): Promise<ServerEvent | null> => {
    const end = text.indexOf('\n\n')
    if (end !== -1) {
      const block = text.slice(0, end)
      text = text.slice(end + 2)
      return parse(block)
    }
    const { done, value } = await reader.read()
    if (done) return null
    text += decoder.decode(value, { stream: true })
    return next()
  }
  return {
    next,
    take: async (count) => {
      const taken: ServerEvent[] = []
      while (taken.length < count) {
        const event = await next()
        if (!event) throw new Error(`the stream ended after ${taken.length} events`)
        if (event.type === 'message') taken.push(event)
      }
      return taken
    },
    leave: () => reader.cancel(),
  }
}

/** What no line of a stream may be is an error here, where a browser would pass over it. */
function parse(block: string): ServerEvent {
  const event = { type: 'message', id: '', data: '' }
  const data: string[] = []
  for (const line of block.split(/\r\n|\r|\n/)) {
    const [, name = '', value = ''] = /^(event|id|data|retry): (.*)$/su.exec(line) ?? []
    if (name === 'event') event.type = value
    else if (name === 'id') event.id = value
    else if (name === 'data') data.push(value)
    else if (name !== 'retry') throw new Error(`no line of a stream: ${line}`)
  }
  return { ...event, data: data.join('\n') }
}
