import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conversationKeyOf } from '../../src/domain/conversation.ts'
import type { LongId } from '../../src/domain/long-id.ts'
import { isTemplate, pairOfConversation, pairOfIds, type PartyTemplates } from '../../src/domain/parties.ts'

const SHOPS: PartyTemplates = { member: 'u{id}', seller: 'shop_{id}' }
const PLAIN: PartyTemplates = { member: '{id}', seller: '{id}' }
const AROUND: PartyTemplates = { member: 'aba{id}aba', seller: 's-{id}-s' }

const between = (fromUserId: string, targetId: string, channelType = 'PERSON') =>
  conversationKeyOf({ appKey: 'app', channelType, fromUserId, targetId, busChannel: '' })

/** Who the templates take two users for, the same from either end. */
function pairOf(templates: PartyTemplates, one: string, other: string) {
  const pair = pairOfConversation(templates, between(one, other))
  expect(pairOfConversation(templates, between(other, one))).toEqual(pair)
  return pair
}

/** The id of the member that a user is, seen beside a seller; null when it is none. */
function memberIn(templates: PartyTemplates, userId: string) {
  return pairOf(templates, userId, templates.seller.replace('{id}', 'someone'))?.memberId ?? null
}

/** The id of the seller that a user is, seen beside a member; null when it is none. */
function sellerIn(templates: PartyTemplates, userId: string) {
  return pairOf(templates, userId, templates.member.replace('{id}', '1'))?.sellerId ?? null
}

describe('a template', () => {
  it.each([
    '{id}',
    'u{id}',
    '{id}@shop',
    'a{id}b',
    '{{id}}',
    '{id',
    'id}',
    '{ID}',
    'u',
    '',
    '{id}{id}',
    '{}',
  ])('is a text with exactly one {id}: %j', (text) => {
    const ones = ['{id}', 'u{id}', '{id}@shop', 'a{id}b', '{{id}}']
    expect(isTemplate(text)).toBe(ones.includes(text))
  })
})

describe('a user id', () => {
  it.each<[PartyTemplates, string, LongId | null]>([
    [SHOPS, 'u1', '1'],
    [SHOPS, 'u0', '0'],
    [SHOPS, 'u9007199254740991', '9007199254740991'],
    [SHOPS, 'u9007199254740992', '9007199254740992'],
    [SHOPS, 'u9007199254740993', '9007199254740993'],
    [SHOPS, 'u1970072392013557230', '1970072392013557230'],
    [SHOPS, 'u9223372036854775807', '9223372036854775807'],
    [SHOPS, 'u9223372036854775808', null],
    [SHOPS, 'u9999999999999999999', null],
    [SHOPS, 'u01970072392013557230', null],
    [SHOPS, 'u12345678901234567890', null],
    [SHOPS, 'u007', null],
    [SHOPS, 'u00', null],
    [SHOPS, 'u', null],
    [SHOPS, 'u-1', null],
    [SHOPS, 'u+1', null],
    [SHOPS, 'u1.0', null],
    [SHOPS, 'u1e3', null],
    [SHOPS, 'u 1', null],
    [SHOPS, 'u1\n', null],
    [SHOPS, 'u１', null],
    [SHOPS, 'u١', null],
    [SHOPS, 'U1', null],
    [SHOPS, '1', null],
    [SHOPS, 'xu1', null],
    [SHOPS, 'u1x', null],
    [PLAIN, '42', '42'],
    [PLAIN, '1970072392013557231', '1970072392013557231'],
    [PLAIN, '042', null],
    [PLAIN, '', null],
    [AROUND, 'aba7aba', '7'],
    [AROUND, 'abaaba', null],
    [AROUND, 'aba', null],
    [AROUND, 'ababa', null],
    [AROUND, 'aba7ab', null],
    [AROUND, 'ba7aba', null],
    [AROUND, 'aba7abx', null],
    [AROUND, 'xba7aba', null],
  ])('is a member by %j when it is written as one: %j → %s', (templates, userId, memberId) => {
    expect(memberIn(templates, userId)).toBe(memberId)
  })

  it.each<[PartyTemplates, string, string | null]>([
    [SHOPS, 'shop_a', 'a'],
    [SHOPS, 'shop_007', '007'],
    [SHOPS, 'shop_1', '1'],
    [SHOPS, 'shop_12345678901234567890', '12345678901234567890'],
    [SHOPS, 'shop_ ', ' '],
    [SHOPS, 'shop_店', '店'],
    [SHOPS, 'shop_{id}', '{id}'],
    [SHOPS, 'shop_', null],
    [SHOPS, 'SHOP_a', null],
    [SHOPS, 'u2', null],
    [SHOPS, 'u007', null],
    [SHOPS, '', null],
    [PLAIN, 'alice', 'alice'],
    [PLAIN, '007', '007'],
    [PLAIN, '-1', '-1'],
    [PLAIN, '9223372036854775808', '9223372036854775808'],
    [PLAIN, '01970072392013557230', '01970072392013557230'],
    [PLAIN, '9223372036854775807', null],
    [PLAIN, '9007199254740992', null],
    [PLAIN, '9007199254740991', null],
    [PLAIN, '0', null],
    [PLAIN, '', null],
    [AROUND, 's-x-s', 'x'],
    [AROUND, 's-x-z', null],
    [AROUND, 'z-x-s', null],
    [AROUND, 's---s', '-'],
    [AROUND, 's--s', null],
    [AROUND, 's-s', null],
    [AROUND, 's-', null],
  ])('is a seller by %j when it is no member: %j → %j', (templates, userId, sellerId) => {
    expect(sellerIn(templates, userId)).toBe(sellerId)
  })

  it('that fits both templates is a member first', () => {
    const wide: PartyTemplates = { member: 'u{id}', seller: '{id}' }
    expect(memberIn(wide, 'u7')).toBe('7')
    expect(sellerIn(wide, 'u7')).toBeNull()
    expect(sellerIn(wide, 'u07')).toBe('u07')
    expect(sellerIn(wide, '7')).toBe('7')
  })
})

describe('a member–seller conversation', () => {
  const pair = { memberId: '1', sellerId: 'a', memberUserId: 'u1', sellerUserId: 'shop_a' }

  it.each(['PERSON', 'CUSTOMERSERVICE', 'NOTIFY', 'MC', 'MP'])('may be of kind %s', (channelType) => {
    expect(pairOfConversation(SHOPS, between('u1', 'shop_a', channelType))).toEqual(pair)
    expect(pairOfConversation(SHOPS, between('shop_a', 'u1', channelType))).toEqual(pair)
  })

  it.each(['PERSONS', 'GROUP', 'TEMPGROUP', 'ULTRAGROUP', 'FUTURE'])('is never of kind %s', (channelType) => {
    const key = { ...between('u1', 'shop_a'), channelType }
    expect(pairOfConversation(SHOPS, key)).toBeNull()
  })

  it.each([
    ['two members', 'u1', 'u2'],
    ['two sellers', 'shop_a', 'shop_b'],
    ['a member and a stranger', 'u1', 'system'],
    ['a seller and a stranger', 'shop_a', 'system'],
    ['two strangers', 'system', 'admin'],
    ['a member with itself', 'u1', 'u1'],
    ['a seller with itself', 'shop_a', 'shop_a'],
  ])('is not one between %s', (_who, one, other) => {
    expect(pairOf(SHOPS, one, other)).toBeNull()
  })
})

describe('a pair of ids', () => {
  it.each<[PartyTemplates, LongId, string, string, string]>([
    [SHOPS, '1', 'a', 'u1', 'shop_a'],
    [SHOPS, '0', '007', 'u0', 'shop_007'],
    [SHOPS, '9007199254740993', '1', 'u9007199254740993', 'shop_1'],
    [SHOPS, '9223372036854775807', '1', 'u9223372036854775807', 'shop_1'],
    [PLAIN, '1', 'alice', '1', 'alice'],
    [PLAIN, '1', '007', '1', '007'],
    [AROUND, '7', '-', 'aba7aba', 's---s'],
  ])(
    'by %j is two users of RongCloud: %s and %j',
    (templates, memberId, sellerId, memberUserId, sellerUserId) => {
      expect(pairOfIds(templates, memberId, sellerId)).toEqual({
        memberId,
        sellerId,
        memberUserId,
        sellerUserId,
      })
    },
  )

  it.each([
    ['an empty one', SHOPS, ''],
    ['an empty one', PLAIN, ''],
    ['one that reads as a member', PLAIN, '2'],
    ['one that reads as a member', PLAIN, '9223372036854775807'],
    ['one that reads as a member with its template', { member: 'u{id}', seller: '{id}' }, 'u2'],
    ['one that its template makes a member', { member: '1{id}', seller: '{id}' }, '12'],
  ])('names no seller by %s', (_what, templates, sellerId) => {
    expect(pairOfIds(templates, '1', sellerId)).toBeNull()
  })

  const affix = fc.string({ maxLength: 3 })
  const template = fc
    .tuple(affix, affix)
    .map((around) => around.join('{id}'))
    .filter(isTemplate)
  const member = fc.bigInt(0n, 2n ** 63n - 1n).map((id) => `${id}` as const)
  const seller = fc.oneof(fc.string(), fc.nat().map(String), fc.constantFrom('007', '0', 'u1', '{id}'))

  it.each<LongId>(['-1', '9223372036854775808', '-0'])(
    'is none for the member id %s, which no user id reads back as',
    (memberId) => {
      expect(pairOfIds({ member: 'u{id}', seller: 'shop_{id}' }, memberId, 'a')).toBeNull()
    },
  )

  it('reads back as itself in either direction, by any templates', () => {
    fc.assert(
      fc.property(template, template, member, seller, (forMember, forSeller, memberId, sellerId) => {
        const templates = { member: forMember, seller: forSeller }
        const pair = pairOfIds(templates, memberId, sellerId)
        fc.pre(pair !== null)
        expect(pair).toMatchObject({ memberId, sellerId })
        expect(pairOf(templates, pair.memberUserId, pair.sellerUserId)).toEqual(pair)
      }),
      { numRuns: 1000 },
    )
  })

  it('is what any member–seller conversation reads as', () => {
    fc.assert(
      fc.property(template, template, member, seller, (forMember, forSeller, id, sellerId) => {
        const templates = { member: forMember, seller: forSeller }
        const users = [forMember.split('{id}').join(id), forSeller.split('{id}').join(sellerId)] as const
        const pair = pairOf(templates, ...users)
        fc.pre(pair !== null)
        expect(pairOfIds(templates, pair.memberId, pair.sellerId)).toEqual(pair)
      }),
      { numRuns: 1000 },
    )
  })
})
