/** Archived messages that records of hourly logs tell of. */
import {
  isSameAsLogged,
  listBySendingTime,
  listByUid,
  type LoggedMessage,
} from '../archive/logged-messages.ts'
import type { MessageRecord } from '../archive/record-message.ts'
import type { Store } from '../archive/store.ts'
import { isFromRongCloud } from '../domain/message.ts'
import { isDerivedUID } from '../rongcloud/derived-uid.ts'

/** In the order of the records: each by its identity, or by all that it says where it came without one. */
export async function findLogged(
  store: Store,
  records: readonly MessageRecord[],
): Promise<(LoggedMessage | undefined)[]> {
  const msgUIDs = records.map(({ msgUID }) => msgUID)
  const byIdentity = new Map(
    (await listByUid(store, msgUIDs)).map((message) => [identityOf(message), message]),
  )
  const nameless = records.filter((record) => isNameless(record) && !byIdentity.has(identityOf(record)))
  const sentThen = nameless.length > 0 ? await listBySendingTime(store, nameless.map(timeOf)) : []
  return records.map((record) => byIdentity.get(identityOf(record)) ?? findAlike(sentThen, record))
}

function identityOf({ appKey, msgUID }: { appKey: string; msgUID: string }): string {
  return `${msgUID} ${appKey}`
}

function timeOf({ sentAtMs }: { sentAtMs: number }): number {
  return sentAtMs
}

// A log may leave the identity out that the callback has, and the message must not be there twice.
function isNameless({ msgUID, sentAtMs, receivedAtMs }: MessageRecord): boolean {
  return isDerivedUID(msgUID) && sentAtMs !== receivedAtMs
}

function findAlike(sentThen: readonly LoggedMessage[], record: MessageRecord): LoggedMessage | undefined {
  if (!isNameless(record)) return undefined
  return sentThen.find(
    (message) =>
      message.appKey === record.appKey &&
      message.sentAtMs === record.sentAtMs &&
      message.origin !== 'history_log' &&
      isFromRongCloud(message.origin) &&
      isSameAsLogged(message, record),
  )
}
