/** Places of many: groups, chat rooms, ultra groups, discussions. Each belongs to a seller, who comes first. */
import type { Random } from '../random.ts'
import type { People, Person } from './people.ts'
import { createPlace, type ChannelType, type Place } from './places.ts'

type CrowdKind = {
  channelType: ChannelType
  prefix: string
  most: number
  size: readonly [least: number, most: number]
}

const KINDS = {
  group: { channelType: 'GROUP', prefix: 'grp', most: 200, size: [5, 30] },
  room: { channelType: 'TEMPGROUP', prefix: 'live', most: 20, size: [20, 60] },
  ultraGroup: { channelType: 'ULTRAGROUP', prefix: 'ug', most: 10, size: [20, 60] },
  discussion: { channelType: 'PERSONS', prefix: 'diz', most: 20, size: [3, 6] },
} as const satisfies Record<string, CrowdKind>

// The first channel of every ultra group (protocol §2.2), and two of its own.
const BUS_CHANNELS = ['RCDefault', 'new-arrivals', 'after-sales'] as const

/** Gives one that is there, or now and then another. */
export function createCrowds(random: Random, people: People) {
  const crowds = new Map<string, Place[]>()
  return (name: keyof typeof KINDS): Place => {
    const { channelType, prefix, most, size } = KINDS[name]
    const busChannel = name === 'ultraGroup' ? random.pick(BUS_CHANNELS) : ''
    const key = `${channelType} ${busChannel}`
    const known = crowds.get(key) ?? []
    crowds.set(key, known)
    if (known.length > 0 && (known.length >= most || !random.chance(0.1))) return random.pick(known)
    const language = people.language()
    const count = random.whole(size[0], size[1])
    const members = new Set(Array.from({ length: count }, () => people.member(language)))
    const everybody = [people.seller(language), ...members] as [Person, Person, ...Person[]]
    const id = `${prefix}_${random.digits(8)}`
    const place = createPlace(channelType, everybody, { id, busChannel })
    known.push(place)
    return place
  }
}
