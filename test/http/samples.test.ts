import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import type { ArchiveUnderTest } from '../support/archive.ts'
import { deliver, getJson } from '../support/requests.ts'
import { messageSamples, type Sample } from '../support/samples.ts'

const good = messageSamples.filter(({ name }) => !name.includes('-bad-'))
const bad = messageSamples.filter(({ name }) => name.includes('-bad-'))

function replay(archive: ArchiveUnderTest, { query, contentType, body }: Sample): Promise<Response> {
  return deliver(archive, body, { query: new URLSearchParams(query).toString(), contentType })
}

async function itemsAt(archive: ArchiveUnderTest, path: string): Promise<Record<string, unknown>[]> {
  const { items } = await getJson<{ items: Record<string, unknown>[] }>(archive, path)
  return items
}

/** What protocol section 2.2 says the fields of the form mean. */
function decodedByHand({ query, body }: Sample): Record<string, unknown> {
  const form = new URLSearchParams(body)
  return {
    appKey: query.appKey ?? 'uwd1c0sxdlx2',
    fromUserId: form.get('fromUserId'),
    targetId: form.get('toUserId'),
    objectName: form.get('objectName'),
    content: form.get('content'),
    channelType: form.get('channelType'),
    busChannel: form.get('busChannel') ?? '',
    sentAtMs: Number(form.get('msgTimestamp') ?? form.get('timestamp')),
    source: form.get('source') || null,
    sensitiveType: form.has('sensitiveType') ? Number(form.get('sensitiveType')) : null,
    ...(form.has('msgUID') && { msgUID: form.get('msgUID') }),
  }
}

describe('a recorded message callback', () => {
  it.each(good)('$name is archived byte for byte, and once', async (sample) => {
    const archive = await openArchive()
    expect((await replay(archive, sample)).status).toBe(200)
    const items = await itemsAt(archive, '/api/v1/messages')
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject(decodedByHand(sample))
    expect((await replay(archive, sample)).status).toBe(200)
    expect(await itemsAt(archive, '/api/v1/messages')).toEqual(items)
    expect(await itemsAt(archive, '/api/v1/deliveries')).toEqual([])
  })

  it.each(bad)('$name is refused and leaves nothing behind', async (sample) => {
    const archive = await openArchive()
    expect((await replay(archive, sample)).status).toBe(401)
    expect(await itemsAt(archive, '/api/v1/messages')).toEqual([])
    expect(await itemsAt(archive, '/api/v1/deliveries')).toEqual([])
  })
})

describe('the recorded message callbacks together', () => {
  it('are one row for each message, though one was redelivered by RongCloud itself', async () => {
    const archive = await openArchive()
    await Array.fromAsync(messageSamples, (sample) => replay(archive, sample))
    const identities = new Set(good.map(({ body }) => new URLSearchParams(body).get('msgUID')))
    expect(identities.size).toBeLessThan(good.length)
    expect(await itemsAt(archive, '/api/v1/messages?limit=500')).toHaveLength(identities.size)
    expect(await itemsAt(archive, '/api/v1/deliveries')).toEqual([])
  })

  it('fit their types, but for the one whose content is empty', async () => {
    const archive = await openArchive()
    await Array.fromAsync(good, (sample) => replay(archive, sample))
    const odd = await itemsAt(archive, '/api/v1/messages?problem=true')
    expect(odd.map(({ objectName, problem }) => [objectName, problem])).toEqual([
      ['RC:HsMsg', 'content is empty'],
    ])
  })

  it('name the recipients of a directed group message in both spellings', async () => {
    const archive = await openArchive()
    const withRecipients = good.filter(({ body }) => body.includes('groupUserIds'))
    await Array.fromAsync(withRecipients, (sample) => replay(archive, sample))
    const items = await itemsAt(archive, '/api/v1/messages')
    const recipients = Object.fromEntries(
      items.map(({ msgUID, fields }) => [msgUID, (fields as { groupUserIds?: string[] }).groupUserIds]),
    )
    expect(recipients).toMatchObject({
      '6A1F-Q2PK-8CF0-01AB': undefined,
      '6A1F-Q2PK-8CF0-01B5': ['u1002', 'u1003'],
    })
    const directed = good.find(({ name }) => name === 'group-text-directed-mention-nested-json')
    const written = new URLSearchParams(directed?.body).get('groupUserIds') ?? ''
    expect(recipients['6A1F-Q2PK-8CF0-01AD']).toEqual(written.match(/[^[\]",]+/g))
  })
})
