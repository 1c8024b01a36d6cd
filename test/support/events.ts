/** Callbacks that are no messages, and what the archive then knows of them. */
import type { ArchiveUnderTest } from './archive.ts'
import { deliver, getJson } from './requests.ts'

export type EventItem = {
  id: number
  kind: string
  body: string
  data: unknown
  description: string
  problem: string | null
} & Record<string, unknown>

/** Delivers a body to a kind's address, signed, and waits for what follows the answer. */
export async function deliverEvent(
  archive: ArchiveUnderTest,
  kind: string,
  body: unknown,
  options: { query?: string } = {},
): Promise<Response> {
  const isBody = typeof body === 'string' || body instanceof Uint8Array
  const answer = await deliver(archive, isBody ? (body as string) : JSON.stringify(body), {
    path: `/callbacks/${kind}`,
    contentType: 'application/json',
    ...options,
  })
  await archive.settled()
  return answer
}

export async function eventsIn(archive: ArchiveUnderTest, query = ''): Promise<EventItem[]> {
  return (await getJson<{ items: EventItem[] }>(archive, `/api/v1/events?limit=500&${query}`)).items
}

export async function deliveriesIn(archive: ArchiveUnderTest): Promise<Record<string, unknown>[]> {
  return (await getJson<{ items: Record<string, unknown>[] }>(archive, '/api/v1/deliveries?limit=500')).items
}
