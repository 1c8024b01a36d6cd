/** Content for every object name: RongCloud's own and the app's. */
import type { JsonObject } from '../message.ts'
import { callContents } from './calls.ts'
import type { Context, Contents } from './content.ts'
import { customerServiceContents } from './customer-service.ts'
import { mediaContents } from './media.ts'
import { nestedContents } from './nested.ts'
import { noticeContents } from './notices.ts'
import { ownContents } from './own-types.ts'
import { signalContents } from './signals.ts'
import { userContents } from './user-content.ts'
import { wrappedContents } from './wrapped.ts'

const CONTENTS: Contents = {
  ...userContents,
  ...mediaContents,
  ...nestedContents,
  ...wrappedContents,
  ...noticeContents,
  ...signalContents,
  ...customerServiceContents,
  ...callContents,
}

export const OWN_OBJECT_NAMES: readonly string[] = Object.keys(ownContents)

/** @throws when nobody has said yet what such a message holds */
export function makeContent(objectName: string, context: Context): JsonObject | string {
  const make = CONTENTS[objectName] ?? ownContents[objectName]
  if (!make) throw new Error(`there is no content for ${objectName}: add it in simulator/contents/`)
  return make(context)
}
