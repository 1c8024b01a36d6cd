import { openArchive } from '#open-archive'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countFurther,
  countMessages,
  getCountProgress,
  type Bucket,
} from '../../src/archive/message-counts.ts'
import type { Store } from '../../src/archive/store.ts'
import type { ArchiveUnderTest } from '../support/archive.ts'
import { OTHER_APP, APP } from '../support/archive.ts'
import { deliverMessage } from '../support/requests.ts'

const HOUR_MS = 3_600_000
const FIRST_MS = Date.parse('2024-12-19T05:00:00Z')
const HOURS = 30
const hours = (first: number, next: number): Bucket => [FIRST_MS + first * HOUR_MS, FIRST_MS + next * HOUR_MS]
// Within eight hours, exactly eight, across their edges, and with eight inside.
const BUCKETS: Bucket[] = [
  hours(0, 1),
  hours(1, 3),
  hours(3, 11),
  hours(11, 13),
  hours(13, 28),
  hours(28, 30),
]

const event = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      minute: fc.nat(HOURS * 60 - 1),
      objectName: fc.constantFrom('RC:TxtMsg', 'app:Order'),
      channelType: fc.constantFrom('PERSON', 'GROUP'),
      app: fc.constantFrom(APP, OTHER_APP),
    }),
  },
  // How many messages a step takes; null: it is cut off before the end.
  {
    weight: 2,
    arbitrary: fc.record({ steps: fc.array(fc.option(fc.integer({ min: 1, max: 4 })), { maxLength: 3 }) }),
  },
)

/** What a look at every row finds. */
async function countPlainly(store: Store, appKey: string | undefined) {
  const [rows = []] = await store.atomically([
    {
      sql: `SELECT sent_at_ms, m.object_name, c.channel_type, m.origin FROM messages AS m
        JOIN conversations AS c ON c.id = conversation_id WHERE ? IS NULL OR m.app_key = ?`,
      params: [appKey ?? null, appKey ?? null],
    },
  ])
  return BUCKETS.flatMap(([startMs, nextMs]) => {
    const inside = rows.filter(({ sent_at_ms: at }) => Number(at) >= startMs && Number(at) < nextMs)
    const groups = Map.groupBy(inside, (row) => `${String(row.object_name)} ${String(row.channel_type)}`)
    return [...groups].map(([group, { length }]) => `${startMs} ${group} ${length}`)
  }).toSorted()
}

async function countQuickly(store: Store, appKey: string | undefined) {
  const { counts, uncounted } = await countMessages(store, {
    buckets: BUCKETS,
    appKey,
    by: ['objectName', 'channelType', 'origin'],
  })
  expect([uncounted, counts.filter(({ origin }) => origin !== 'callback')]).toEqual([0, []])
  return counts
    .map(
      ({ startMs, objectName, channelType, messages }) =>
        `${startMs} ${objectName} ${channelType} ${messages}`,
    )
    .toSorted()
}

/** As when the process ends before the commit: nothing of the unit is there. */
function failing(store: Store): Store {
  const broken = { sql: 'INSERT INTO no_such_table VALUES (1)', params: [] }
  return { ...store, atomically: (statements) => store.atomically([...statements, broken]) }
}

describe('the counts', () => {
  it('are those of a plain look at every message, wherever they stand and whatever cut them off', async () => {
    const archive = await openArchive()
    let sent = 0
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 20 }), async (events) => {
        for (const each of events) {
          if ('steps' in each)
            for (const rows of each.steps)
              await (rows === null
                ? countFurther(failing(archive.store)).catch(() => null)
                : countFurther(archive.store, rows))
          else {
            const { app, minute, ...fields } = each
            const msgTimestamp = String(FIRST_MS + minute * 60_000)
            await deliverMessage(archive, { ...fields, msgTimestamp, msgUID: `m${++sent}` }, app)
          }
        }
        for (const appKey of [undefined, APP.appKey])
          expect(await countQuickly(archive.store, appKey)).toEqual(await countPlainly(archive.store, appKey))
      }),
      { numRuns: 15 },
    )
  })

  it('take each message once when several count at the same time', async () => {
    const archive = await openArchive()
    await deliverMany(archive, 9)
    await Promise.all(Array.from({ length: 6 }, () => countFurther(archive.store, 2)))
    expect(await countQuickly(archive.store, undefined)).toEqual(await countPlainly(archive.store, undefined))
    expect(await getCountProgress(archive.store)).toEqual({ countedUpTo: 9, newestId: 9 })
    expect(await countFurther(archive.store)).toBe(false)
  })

  it('follow a message that was counted and becomes another', async () => {
    const archive = await openArchive()
    await deliverMany(archive, 4)
    await countFurther(archive.store, 2)
    await archive.store.atomically([
      {
        sql: 'UPDATE messages SET object_name = ?, sent_at_ms = sent_at_ms + ?',
        params: ['RC:ImgMsg', 2 * HOUR_MS],
      },
    ])
    const counts = await countQuickly(archive.store, undefined)
    expect(counts).toEqual(await countPlainly(archive.store, undefined))
    expect(counts).toEqual([`${FIRST_MS + HOUR_MS} RC:ImgMsg PERSON 4`])
  })

  it('say how many messages they have not looked at when they are far behind', async () => {
    const { store } = await openArchive()
    await store.atomically([
      {
        sql: `INSERT INTO conversations (id, app_key, channel_type, user_id, target_id, bus_channel)
          VALUES (1, 'app', 'PERSON', 'shop_a', 'u1', '')`,
        params: [],
      },
      {
        sql: `WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < 12345)
          INSERT INTO messages (app_key, msg_uid, conversation_id, listing, from_user_id, target_id, object_name, content,
            sent_at_ms, received_at_ms, origin)
          SELECT 'app', 'm' || i, 1, 1, 'u1', 'shop_a', 'RC:TxtMsg', '{}', ?, 1, 'callback' FROM numbers`,
        params: [FIRST_MS],
      },
    ])
    const count = () => countMessages(store, { buckets: BUCKETS, by: ['channelType'] })
    const counts = [{ startMs: FIRST_MS, channelType: 'PERSON', messages: 10_000 }]
    expect(await count()).toEqual({ counts, uncounted: 2345 })
    await countFurther(store, 2345)
    expect(await count()).toEqual({ counts: [{ ...counts[0], messages: 12_345 }], uncounted: 0 })
  })
})

async function deliverMany(archive: ArchiveUnderTest, count: number) {
  for (let i = 0; i < count; i++)
    await deliverMessage(archive, { msgUID: `m${i}`, msgTimestamp: String(FIRST_MS + i * 1000) })
}
