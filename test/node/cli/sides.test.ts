import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recordChanges } from '../../../src/archive/changes.ts'
import { createChange } from '../../../src/domain/message-change.ts'
import { openSqliteStore } from '../../../src/node/sqlite-store.ts'
import { APP, createArchive, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { hashing } from '../../support/hashing.ts'
import { deliverMessage, getJson } from '../../support/requests.ts'
import { temporaryFolder } from '../../support/server-process.ts'
import { settingsFor } from './archive-file.ts'
import { runArchive } from './cli-in-process.ts'

const MEMBER = '1970072392013557230'
const SENT_MS = 1_734_595_200_000

/** Templates that take every user for a seller, as for members of long ids a program did that knew shorter ones alone. */
const WRONG = { MEMBER_USER_ID: 'nobody{id}', SELLER_USER_ID: '{id}' }

async function withArchive<T>(
  path: string,
  templates: Record<string, string>,
  ask: (archive: ArchiveUnderTest) => Promise<T>,
): Promise<T> {
  const store = openSqliteStore(path)
  try {
    return await ask(createArchive(store, hashing, templates))
  } finally {
    await store.close()
  }
}

/** Messages of all that depends on who is the member, in three conversations; one more of members, one of another app. */
async function fill(archive: ArchiveUnderTest): Promise<void> {
  const blocked = { sensitiveType: '1' }
  const fromSeller = { fromUserId: 'shop_a', toUserId: `u${MEMBER}` }
  const sent: Record<string, string>[] = [
    { msgUID: 'own' },
    { msgUID: 'own-blocked', ...blocked },
    { msgUID: 'own-blocked-signal', ...blocked, objectName: 'RC:TypSts', content: '{}' },
    { msgUID: 'own-blocked-recalled', ...blocked },
    { msgUID: 'own-blocked-deleted', ...blocked },
    { msgUID: 'seller', ...fromSeller },
    { msgUID: 'seller-blocked', ...fromSeller, ...blocked },
    { msgUID: 'seller-deleted', ...fromSeller },
    { msgUID: 'emptied', toUserId: 'shop_b' },
    { msgUID: 'after', toUserId: 'shop_b', msgTimestamp: String(SENT_MS + 60_000) },
    { msgUID: 'service', channelType: 'CUSTOMERSERVICE' },
    { msgUID: 'members', toUserId: 'u1' },
  ]
  for (const [i, fields] of sent.entries())
    await deliverMessage(archive, {
      fromUserId: `u${MEMBER}`,
      toUserId: 'shop_a',
      msgTimestamp: String(SENT_MS + i),
      ...fields,
    })
  await deliverMessage(archive, { msgUID: 'other', fromUserId: `u${MEMBER}` }, OTHER_APP)
  const recall = {
    messageUId: 'own-blocked-recalled',
    isDelete: true,
    conversationType: 1,
    targetId: 'shop_a',
  }
  await deliverMessage(archive, {
    msgUID: 'recall',
    fromUserId: `u${MEMBER}`,
    objectName: 'RC:RcCmd',
    content: JSON.stringify({ ...recall, sentTime: SENT_MS }),
  })
  const [userId, targetId] = [`shop_a`, `u${MEMBER}`]
  const deletion = (msgUID: string | null, upToMs: number | null, seller: string) =>
    createChange({
      kind: 'delete',
      appKey: APP.appKey,
      msgUID,
      upToMs,
      conversation: { appKey: APP.appKey, channelType: 'PERSON', userId: seller, targetId, busChannel: '' },
      byUserId: targetId,
      atMs: SENT_MS + 100,
      data: null,
    })
  const deletions = [
    deletion('seller-deleted', null, userId),
    deletion('own-blocked-deleted', null, userId),
    deletion(null, SENT_MS + 1000, 'shop_b'),
  ]
  await recordChanges(archive.store, deletions, { receivedAtMs: SENT_MS, origin: 'callback' })
}

/** All that depends on who is the member. */
async function shown(archive: ArchiveUnderTest) {
  const list = `/chat-records/list?memberId=${MEMBER}`
  const paths = [
    `${list}&sellerId=a`,
    `${list}&sellerId=a&messageType=RC:TypSts`,
    `${list}&sellerId=b`,
    `/chat-records/chat-list?memberId=${MEMBER}`,
    `/chat-records/chat-list?memberId=${MEMBER}&appKey=${OTHER_APP.appKey}`,
    '/chat-records/chat-list?memberId=1',
    '/api/v1/conversations',
  ]
  return Array.fromAsync(paths, (path) => getJson(archive, path))
}

const rebuild = async (settings: Record<string, string>) => {
  const { exitCode, stdout } = await runArchive(['rebuild', '--json'], settings)
  expect(exitCode).toBe(0)
  return (JSON.parse(stdout) as { mended: { sides: number } }).mended.sides
}

describe('archive rebuild', () => {
  it('tells members from sellers anew, and shows what an archive shows that knew it from the start', async () => {
    const folder = temporaryFolder()
    const [right, wrong] = [join(folder, 'right.db'), join(folder, 'wrong.db')]
    await withArchive(right, {}, fill)
    const expected = await withArchive(right, {}, shown)
    expect(expected[0]).toMatchObject({
      items: [{ msg_uid: 'service' }, { msg_uid: 'seller' }, { msg_uid: 'own-blocked' }, { msg_uid: 'own' }],
    })
    expect(expected[1]).toMatchObject({ items: [{ msg_uid: 'own-blocked-signal' }] })
    expect(expected[2]).toMatchObject({ items: [{ msg_uid: 'after' }] })
    await withArchive(wrong, WRONG, fill)
    expect(await withArchive(wrong, {}, shown)).not.toEqual(expected)
    expect(await rebuild(settingsFor(wrong))).toBe(4)
    expect(await withArchive(wrong, {}, shown)).toEqual(expected)
    expect(await rebuild(settingsFor(wrong))).toBe(0)
    expect(await runArchive(['verify'], settingsFor(wrong))).toMatchObject({ exitCode: 0 })
  })

  it('takes sides away that nobody has by the templates of now', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await withArchive(path, WRONG, fill)
    const never = await withArchive(path, {}, shown)
    await rebuild(settingsFor(path))
    expect(await rebuild({ ...settingsFor(path), ...WRONG })).toBe(4)
    const after = await withArchive(path, {}, shown)
    expect(after.slice(0, 6)).toEqual(never.slice(0, 6))
    expect(await runArchive(['verify'], settingsFor(path))).toMatchObject({ exitCode: 0 })
  })

  it('leaves apps alone that are not set up, whose templates nobody knows', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await withArchive(path, {}, fill)
    const before = await withArchive(path, {}, shown)
    expect(await rebuild({ DATABASE_PATH: path })).toBe(0)
    expect(await rebuild({ DATABASE_PATH: path, RONGCLOUD_APPS: 'other-app:s' })).toBe(1)
    const after = await withArchive(path, {}, shown)
    expect([...after.slice(0, 4), after[5]]).toEqual([...before.slice(0, 4), before[5]])
    expect(after[4]).toEqual([])
  })
})
