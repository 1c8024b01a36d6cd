import type { ArchivedItem } from './archive-reader.ts'
import type { SimulatedMessage } from './message.ts'

const SAME_NAMES = [
  'fromUserId',
  'targetId',
  'channelType',
  'busChannel',
  'objectName',
  'content',
  'sentAtMs',
  'source',
  'sensitiveType',
] as const

/** Names of the fields in which the archive's message is not the one that was sent. */
export function alteredFields(sent: SimulatedMessage, archived: ArchivedItem): string[] {
  const altered: string[] = SAME_NAMES.filter((name) => archived[name] !== sent[name])
  // These have no column of their own and are left out when they say nothing.
  const { groupUserIds = [], originalMsgUID = null, aiGenerated = 'false' } = archived.fields
  if (JSON.stringify(groupUserIds) !== JSON.stringify(sent.groupUserIds)) altered.push('groupUserIds')
  if (originalMsgUID !== sent.originalMsgUID) altered.push('originalMsgUID')
  if (aiGenerated !== String(sent.aiGenerated)) altered.push('aiGenerated')
  return altered
}
