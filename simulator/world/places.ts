/** Where people write: RongCloud's kinds of conversation, each with those who are in it. */
import { isOneToOne, type CHANNEL_TYPES } from '../../src/domain/channel-type.ts'
import type { SimulatedMessage } from '../message.ts'
import { conversationHashOf } from '../msg-uid.ts'
import type { Person } from './people.ts'

export type ChannelType = (typeof CHANNEL_TYPES)[number]

export type Place = {
  channelType: ChannelType
  conversationType: number
  /** Group or room; '' when both ends are users. */
  id: string
  busChannel: string
  /** Of a conversation between a member and a seller: the member first. */
  people: readonly [Person, Person, ...Person[]]
  conversationHash: number
  /** What was said or shown here last. */
  last: SimulatedMessage | null
}

/** The numbers that stand inside messages where a form has words (protocol §2.3). */
export const CONVERSATION_TYPES = {
  PERSON: 1,
  PERSONS: 2,
  GROUP: 3,
  TEMPGROUP: 4,
  CUSTOMERSERVICE: 5,
  NOTIFY: 6,
  MC: 7,
  MP: 8,
  ULTRAGROUP: 10,
} as const satisfies Record<ChannelType, number>

export function createPlace(
  channelType: ChannelType,
  people: Place['people'],
  { id = '', busChannel = '' }: { id?: string; busChannel?: string } = {},
): Place {
  const conversationId = isOneToOne(channelType)
    ? people
        .map(({ userId }) => userId)
        .toSorted()
        .join('|')
    : id + busChannel
  return {
    channelType,
    conversationType: CONVERSATION_TYPES[channelType],
    id,
    busChannel,
    people,
    conversationHash: conversationHashOf(conversationId),
    last: null,
  }
}

/** The form's `toUserId` when this person writes here. */
export function targetOf(place: Place, from: Person): string {
  return isOneToOne(place.channelType) ? othersOf(place, from)[0].userId : place.id
}

export function othersOf(place: Place, person: Person): readonly [Person, ...Person[]] {
  return place.people.filter((other) => other !== person) as [Person, ...Person[]]
}
