/** All people and places of one run. Places are found again, so that conversations go on. */
import type { PartyTemplates } from '../../src/domain/parties.ts'
import { isListedByDefault } from '../../src/rongcloud/message-types/index.ts'
import type { SimulatedMessage } from '../message.ts'
import type { Random } from '../random.ts'
import { createCrowds } from './crowds.ts'
import { createPeople, type Person } from './people.ts'
import { createPlace, othersOf, type ChannelType, type Place } from './places.ts'

export type World = ReturnType<typeof createWorld>

export function createWorld(random: Random, templates: PartyTemplates) {
  const people = createPeople(random, templates)
  const crowd = createCrowds(random, people)
  const pairs = new Map<string, Place>()
  const latest = new Map<ChannelType, Place>()
  const system = people.account('__system__', '系统通知')
  const desk = people.account('KEFU145801184889727', '在线客服')
  const robot = people.account('bot_xiaorong', '智能客服小融')
  const publicAccounts = [people.account('gh_daily_deals', '每日好价'), people.account('gh_news', '官方公告')]

  return {
    random,
    shop,
    friends,
    crowd,
    serviceDesk: () => pair('CUSTOMERSERVICE', someMember(), desk),
    withRobot: () => pair('PERSON', someMember(), robot),
    notices: () => pair('NOTIFY', someMember(), system),
    publicAccount: (channelType: 'MC' | 'MP') => pair(channelType, someMember(), random.pick(publicAccounts)),
    /** Where somebody of this kind of conversation wrote last. */
    latest: (channelType: ChannelType) => latest.get(channelType),
    remember,
  }

  function remember(place: Place, message: SimulatedMessage): void {
    // Nobody quotes or takes back a signal.
    if (isListedByDefault(message.objectName)) place.last = message
    if (place.last) latest.set(place.channelType, place)
  }

  function someMember(): Person {
    return people.member(people.language())
  }

  /** A member and a seller who speak one language. */
  function shop(): Place {
    const language = people.language()
    return pair('PERSON', people.member(language), people.seller(language))
  }

  function friends(): Place {
    const one = someMember()
    let other = someMember()
    while (other === one) other = people.member(one.language)
    return pair('PERSON', one, other)
  }

  function pair(channelType: ChannelType, one: Person, other: Person): Place {
    const key = `${channelType} ${[one.userId, other.userId].toSorted().join(' ')}`
    const place = pairs.get(key) ?? createPlace(channelType, [one, other])
    pairs.set(key, place)
    return place
  }
}

/** Somebody of this place, or somebody else than that one. */
export function someone(random: Random, place: Place, but?: Person): Person {
  return random.pick(but ? othersOf(place, but) : place.people)
}
