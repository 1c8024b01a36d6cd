// Profiles, groups and friends that RongCloud hosts for the app (信息托管, protocol §4.6 to §4.9). Profiles and results
// of moderation are states rather than acts: two of one moment differ in nothing but what they say.
import { z } from 'zod'
import { flag, stringOrObject, whole } from '../message-types/shared.ts'
import { readElement } from './body.ts'
import { nameOf, type EventType } from './event-type.ts'
import { id, ids, maybe, maybeTime, members, text, time } from './members.ts'

// One example of the documents has a list here (GRPOPT).
const operator = maybe(z.union([id, ids], 'expected an id'))

const MODERATED = ['', 'group profile', 'group member', 'user', 'friend']

export const hostedModeration: EventType = {
  schema: members({
    eventType: whole,
    result: flag,
    time,
    optUserId: maybe(id),
    targetGroupId: maybe(id),
    targetUserId: maybe(id),
    contents: maybe(z.union([z.string(), z.array(z.unknown())], 'expected a list')),
  }),
  identity: null,
  occurredAt: ['time'],
  userId: ['optUserId', 'targetUserId'],
  targetId: ['targetGroupId', 'targetUserId'],
  line: (textAt) => {
    const passed = ['true', '1'].includes(textAt('result') ?? '')
    return `${nameOf(MODERATED, textAt('eventType'))} ${passed ? 'passed' : 'failed'} moderation`
  },
}

export const groupProfile: EventType = {
  schema: members({
    groupId: id,
    groupName: maybe(text),
    time,
    optUserId: operator,
    groupProfile: maybe(stringOrObject),
    groupExtProfile: maybe(stringOrObject),
    permissions: maybe(stringOrObject),
  }),
  identity: null,
  occurredAt: ['time'],
  userId: ['optUserId'],
  targetId: ['groupId'],
  line: () => 'group profile changed',
}

export type GroupNaming = { groupId: string; name: string; atMs: number }

const naming = members({ groupId: id, groupName: text, time })

/** @returns null when the body of the event does not say what a group is called */
export function readGroupNaming(body: string): GroupNaming | null {
  const { data } = naming.safeParse(readElement(body))
  if (!data || !/\S/.test(data.groupName)) return null
  return { groupId: data.groupId, name: data.groupName, atMs: data.time }
}

const GROUP_OPERATION = [
  '',
  'group created',
  'joined',
  'kicked',
  'left',
  'group dissolved',
  'administrator added',
  'administrator removed',
  'ownership transferred',
]

export const groupOperation: EventType = {
  schema: members({ groupId: id, eventType: whole, time, optUserId: operator, userIds: maybe(ids) }),
  identity: ['groupId', 'eventType', 'time', 'optUserId', 'userIds'],
  occurredAt: ['time'],
  userId: ['optUserId', 'userIds'],
  targetId: ['groupId'],
  line: (textAt) => nameOf(GROUP_OPERATION, textAt('eventType')),
}

const PROFILE_CHANGE = ['user profile cleared', 'user profile changed']

export const userProfile: EventType = {
  schema: members({
    userId: id,
    type: maybe(text),
    time: maybeTime,
    userProfile: maybe(stringOrObject),
    userExtProfile: maybe(stringOrObject),
  }),
  identity: null,
  occurredAt: ['time'],
  userId: ['userId'],
  line: (textAt) => nameOf(PROFILE_CHANGE, textAt('type') ?? '1'),
}

const FRIEND_EVENT = [
  '',
  'friend request',
  'friend request accepted',
  'friend request refused',
  'friend removed',
  'friend added by the server',
]

export const friend: EventType = {
  schema: members({ eventType: whole, userId: id, toUserId: id, time, source: maybe(text) }),
  identity: ['userId', 'toUserId', 'eventType', 'time', 'source'],
  occurredAt: ['time'],
  userId: ['userId'],
  targetId: ['toUserId'],
  line: (textAt) => nameOf(FRIEND_EVENT, textAt('eventType')),
}
