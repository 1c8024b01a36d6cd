import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import type { ArchiveUnderTest } from '../support/archive.ts'
import { deliveriesIn, eventsIn } from '../support/events.ts'
import { eventSamples } from '../support/samples.ts'

type EventSample = (typeof eventSamples)[number]

async function replay(archive: ArchiveUnderTest, { kind, query, contentType, headers, body }: EventSample) {
  const answer = await archive.request(`/callbacks/${kind}?${new URLSearchParams(query).toString()}`, {
    method: 'POST',
    headers: { 'Content-Type': contentType, ...headers },
    body,
  })
  await archive.settled()
  return { status: answer.status, body: await answer.text() }
}

/** Of each sample, newest event first, what it says and what it is about. */
const EXPECTED: Record<string, Record<string, unknown>[]> = {
  'pre-message-group-text': [
    {
      description: 'RC:TxtMsg about to be sent',
      userId: 'u1001',
      targetId: 'grp-ops',
      msgUID: '6A1F-Q2PK-8CF0-01C0',
      occurredAtMs: 1734595240123,
      data: null,
    },
  ],
  'online-status-two-users': [
    { description: 'offline on Websocket', userId: 'u1002', occurredAtMs: 1734595240950 },
    { description: 'online on iOS', userId: 'u1001', occurredAtMs: 1734595240900 },
  ],
  'chatroom-status-join-and-destroy': [
    { description: 'destroyed', targetId: 'room_old', userId: null },
    { description: 'joined', targetId: 'room_520', userId: null },
  ],
  'chatroom-kv-set': [{ description: 'seat_3 set', targetId: 'room_520', userId: 'u2001' }],
  'user-deactivation-success': [{ description: 'deactivation', userId: 'u1099', data: null }],
  'audit-result-rejected-header-signature': [
    {
      description: 'failed moderation by shumei',
      userId: 'u1005',
      targetId: 'grp-ops',
      msgUID: '6A1F-Q2PK-8CF0-01C5',
      occurredAtMs: null,
    },
  ],
  'message-operation-recall': [
    { description: 'recall of a message', userId: 'u1001', msgUID: '6A1F-Q2PK-8CF0-01AD' },
  ],
  'bot-private-message': [{ description: 'message:private', userId: 'u1001', targetId: 'bot_ai' }],
}

describe('a recorded callback that is no message', () => {
  it.each(eventSamples)('$name is answered as it should be and can be read, once', async (sample) => {
    const archive = await openArchive()
    const expected = sample.kind === 'pre-messages' ? '{"pass":1}' : 'ok'
    expect(await replay(archive, sample)).toEqual({ status: 200, body: expected })
    const events = await eventsIn(archive)
    expect(events).toMatchObject(EXPECTED[sample.name] ?? [])
    for (const event of events) {
      expect(event).toMatchObject({
        appKey: 'uwd1c0sxdlx2',
        kind: sample.kind,
        problem: null,
        nonceReused: false,
      })
      expect(sample.body).toContain(event.body)
    }
    expect(await replay(archive, sample)).toEqual({ status: 200, body: expected })
    expect(await eventsIn(archive)).toEqual(events)
    expect(await deliveriesIn(archive)).toEqual([])
  })

  it('all of them are read without a problem', async () => {
    const archive = await openArchive()
    await Array.fromAsync(eventSamples, (sample) => replay(archive, sample))
    expect(await eventsIn(archive)).toHaveLength(Object.values(EXPECTED).flat().length)
    expect(await eventsIn(archive, 'problem=true')).toEqual([])
  })
})
