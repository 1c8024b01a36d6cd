/** Who writes: members and sellers by the archive's templates for user ids, and the app's own accounts. */
import type { PartyTemplates } from '../../src/domain/parties.ts'
import type { Random } from '../random.ts'
import { MEMBER_NAMES, SHOP_NAMES } from './names.ts'

export type Language = 'zh' | 'en'

export type Person = {
  userId: string
  name: string
  portrait: string
  language: Language
  /** What they write on, in RongCloud's words. */
  source: string
  role: 'member' | 'seller' | 'account'
}

const MEMBER_SOURCES = [
  [44, 'iOS'],
  [38, 'Android'],
  [8, 'MiniProgram'],
  [6, 'HarmonyOS'],
  [4, 'Websocket'],
] as const
const SELLER_SOURCES = [
  [5, 'Websocket'],
  [3, 'PC'],
  [2, 'Android'],
] as const

// However long the run, a town has only so many.
const MEMBERS_MAX = 20_000
const SELLERS_MAX = 400
const SELLERS_AT_FIRST = 5

export type People = ReturnType<typeof createPeople>

/** Grows as it is asked: some are new, most come again. */
export function createPeople(random: Random, templates: PartyTemplates) {
  const members: Record<Language, Person[]> = { zh: [], en: [] }
  const sellers: Record<Language, Person[]> = { zh: [], en: [] }
  const shopNames = { zh: random.shuffled(SHOP_NAMES.zh), en: random.shuffled(SHOP_NAMES.en) }
  // Runs of other seeds have other people.
  let lastMemberId = random.whole(10_000, 900_000_000)
  let lastSellerId = random.whole(1000, 9_000_000)
  return { language, member, seller, account }

  function language(): Language {
    return random.chance(0.75) ? 'zh' : 'en'
  }

  function member(speaks: Language): Person {
    const known = members[speaks]
    const isNew = known.length < 2 || (known.length < MEMBERS_MAX && random.chance(0.3))
    if (!isNew) return random.pick(known)
    lastMemberId += random.whole(1, 9)
    const userId = templates.member.replace('{id}', String(lastMemberId))
    const source = random.weighted(MEMBER_SOURCES)
    const name = random.pick(MEMBER_NAMES[speaks])
    return added(known, { ...namedPerson(userId, name), language: speaks, source, role: 'member' })
  }

  function seller(speaks: Language): Person {
    const known = sellers[speaks]
    const isNew = known.length < SELLERS_AT_FIRST || (known.length < SELLERS_MAX && random.chance(0.02))
    if (!isNew) return random.pick(known)
    lastSellerId += random.whole(1, 9)
    const userId = templates.seller.replace('{id}', `s${lastSellerId}`)
    const source = random.weighted(SELLER_SOURCES)
    const name = nthName(shopNames[speaks], known.length)
    return added(known, { ...namedPerson(userId, name), language: speaks, source, role: 'seller' })
  }
}

/** The app's own: notices, customer service, public accounts, robots. */
function account(userId: string, name: string): Person {
  return { ...namedPerson(userId, name), language: 'zh', source: 'Server', role: 'account' }
}

function added(known: Person[], person: Person): Person {
  known.push(person)
  return person
}

function namedPerson(userId: string, name: string) {
  return {
    userId,
    name,
    portrait: `https://img.example.cn/avatar/${encodeURIComponent(userId)}.jpg?s=96&v=3`,
  }
}

/** When all names are taken, branches are opened. */
function nthName(names: readonly string[], n: number): string {
  const branch = Math.floor(n / names.length)
  return `${names[n % names.length]}${branch > 0 ? ` (${branch + 1})` : ''}`
}
