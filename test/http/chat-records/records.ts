/** The four endpoints of chat-records, asked about member 1 and seller `a` unless told otherwise. */
import type { ArchiveUnderTest } from '../../support/archive.ts'
import { deliverMessage, getJson, post } from '../../support/requests.ts'

type Texts = Record<string, string>

export type Item = {
  id: number
  seller_id: string
  member_id: number
  addtime: string
  cnt: string
  messageType: string
  sender: string
  msg_uid: string
  recalled: boolean
}

export type Links = Record<string, { href: string }>

export type Meta = { totalCount: number; pageCount: number; currentPage: number; perPage: number }

export type ListAnswer = { items: Item[]; _links: Links; _meta: Meta }

export type Line = Omit<Item, 'sender' | 'msg_uid' | 'recalled'> & {
  shop_name: string | null
  logo: string | null
}

/** When the default message was sent, to the second: 2024-12-19 16:00:00 in Shanghai. */
export const SENT_MS = Date.parse('2024-12-19T08:00:00Z')

export function listPath(asked: Texts = {}): string {
  return `/chat-records/list?${new URLSearchParams({ memberId: '1', sellerId: 'a', ...asked })}`
}

export function chatListPath(asked: Texts = {}): string {
  return `/chat-records/chat-list?${new URLSearchParams({ memberId: '1', ...asked })}`
}

export async function list(archive: ArchiveUnderTest, asked?: Texts, credential?: string) {
  const {
    items,
    _links: links,
    _meta: meta,
  } = await getJson<ListAnswer>(archive, listPath(asked), credential)
  return { items, links, meta }
}

/** What `list` shows, by `msgUID`. */
export async function listedUids(archive: ArchiveUnderTest, asked?: Texts): Promise<string[]> {
  return (await list(archive, asked)).items.map((item) => item.msg_uid)
}

export function chatList(archive: ArchiveUnderTest, asked?: Texts): Promise<Line[]> {
  return getJson<Line[]>(archive, chatListPath(asked))
}

/** A text from the member; `headers` take the place of the back end's. */
export function create(archive: ArchiveUnderTest, given: Texts = {}, headers?: Texts): Promise<Response> {
  const body = { memberId: '1', sellerId: 'a', messageType: 'RC:TxtMsg', cnt: '{"content":"hi"}', ...given }
  return post(archive, '/chat-records/create', body, headers)
}

/** The id that a successful create tells. */
export async function createdId(archive: ArchiveUnderTest, given?: Texts, headers?: Texts): Promise<number> {
  const answer = await create(archive, given, headers)
  if (answer.status !== 200) throw new Error(`create answered ${answer.status}: ${await answer.text()}`)
  return ((await answer.json()) as { id: number }).id
}

export function remove(
  archive: ArchiveUnderTest,
  id: number,
  given: Texts = {},
  headers?: Texts,
): Promise<Response> {
  return post(archive, '/chat-records/delete', { memberId: '1', id: String(id), ...given }, headers)
}

/** One after the other, so that ids follow the order given. */
export function inTurn<In, Out>(
  items: readonly In[],
  act: (item: In, i: number) => Promise<Out>,
): Promise<Out[]> {
  return items.reduce<Promise<Out[]>>(
    async (before, item, i) => [...(await before), await act(item, i)],
    Promise.resolve([]),
  )
}

/** Delivers messages one after the other. */
export async function deliverAll(archive: ArchiveUnderTest, messages: readonly Texts[]): Promise<void> {
  const answers = await inTurn(messages, (fields) => deliverMessage(archive, fields))
  const failed = answers.find((answer) => answer.status !== 200)
  if (failed) throw new Error(`a callback was answered ${failed.status}`)
}

/** Fields of a message from seller `a` to member 1. */
export function fromSeller(fields: Texts): Texts {
  return { fromUserId: 'shop_a', toUserId: 'u1', ...fields }
}

/** `msgTimestamp` some milliseconds after {@link SENT_MS}. */
export function at(ms: number): Texts {
  return { msgTimestamp: String(SENT_MS + ms) }
}
