import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conversationKeyOf } from '../../src/domain/conversation.ts'
import { CHANGE_KINDS, createChange, type MessageChange } from '../../src/domain/message-change.ts'
import { stateOf } from '../../src/domain/message-state.ts'

const group = (targetId: string, appKey = 'app') =>
  conversationKeyOf({ appKey, channelType: 'GROUP', fromUserId: '', targetId, busChannel: '' })

const said = { objectName: 'RC:TxtMsg', content: 'first' }
const sent = { appKey: 'app', msgUID: 'm1', fromUserId: 'alice', sentAtMs: 100 }
const message = { ...sent, ...said, conversation: group('g1') }

/** Nothing has become of it. */
const UNTOUCHED = {
  recalled: null,
  deletedFor: [],
  versions: [],
  packets: [],
  expansion: null,
  readBy: [],
  receiptRequested: false,
  verdict: null,
}

const base = {
  appKey: 'app',
  msgUID: 'm1',
  upToMs: null,
  conversation: group('g1'),
  byUserId: 'bob',
  atMs: 200,
}
type Base = Omit<typeof base, 'msgUID' | 'upToMs' | 'conversation'> &
  Pick<MessageChange, 'msgUID' | 'upToMs' | 'conversation'>
type Changes = Partial<Base>

const NO_FLAGS = { isAdmin: false, isDelete: false }
const recall = (changes: Changes = {}, flags: Partial<typeof NO_FLAGS> = {}) =>
  createChange({ ...base, ...changes, kind: 'recall', data: { ...NO_FLAGS, ...flags } })
const plain = (
  kind: Exclude<MessageChange['kind'], 'recall' | 'edit' | 'packet' | 'expansion' | 'verdict'>,
  changes: Changes = {},
) => createChange({ ...base, ...changes, kind, data: null })
const edit = (msgUID: string, content: string, atMs: number) =>
  createChange({ ...base, atMs, kind: 'edit', data: { msgUID, objectName: 'RC:TxtMsg', content } })
const expand = (
  atMs: number,
  parts: { clear?: boolean; put?: Record<string, string>; del?: string[]; msgUID?: string },
) =>
  createChange({
    ...base,
    atMs,
    kind: 'expansion',
    data: { msgUID: `x${atMs}`, clear: false, put: {}, del: [], ...parts },
  })
const verdict = (passed: boolean, atMs: number, changes: Changes = {}) =>
  createChange({
    ...base,
    byUserId: '',
    ...changes,
    atMs,
    kind: 'verdict',
    data: { passed, serviceProvider: 'shumei', resultDetail: null },
  })

describe('a message', () => {
  it('to which nothing happened is untouched', () => {
    expect(stateOf(message, [])).toEqual(UNTOUCHED)
  })

  it('is recalled once, however many say so: the first time counts, and the flags of any', () => {
    const first = recall({ atMs: 200 })
    const again = recall({ atMs: 201 }, { isDelete: true })
    const recalled = { atMs: 200, byUserId: 'bob', isAdmin: false, isDelete: true }
    expect(stateOf(message, [first, again])).toEqual({ ...UNTOUCHED, recalled })
    expect(stateOf(message, [again, first])).toEqual({ ...UNTOUCHED, recalled })
    expect(stateOf(message, [again, recall({ atMs: 300 }, { isAdmin: true })]).recalled).toEqual({
      ...recalled,
      atMs: 201,
      isAdmin: true,
    })
  })

  it('is deleted for each user who deleted it, and for nobody else', () => {
    const deletions = ['zoe', 'bob', 'bob', ''].map((byUserId) => plain('delete', { byUserId }))
    expect(stateOf(message, deletions)).toEqual({ ...UNTOUCHED, deletedFor: ['bob', 'zoe'] })
  })

  it('has all its versions, the latest last', () => {
    const { versions } = stateOf(message, [
      edit('e2', 'third', 400),
      edit('e1', 'second', 300),
      edit('e1', 'second', 300),
    ])
    const common = { objectName: 'RC:TxtMsg', byUserId: 'bob' }
    expect(versions).toEqual([
      { ...common, msgUID: 'e1', content: 'second', atMs: 300 },
      { ...common, msgUID: 'e2', content: 'third', atMs: 400 },
    ])
  })

  it('has what was put into its expansion and neither deleted nor cleared since', () => {
    const changes = [
      expand(1, { put: { a: '1', b: '1' } }),
      expand(2, { put: { b: '2', c: '2' }, del: ['a'] }),
      expand(3, { put: { ['__proto__']: 'own' } }),
      expand(4, { clear: true, put: { d: '4' } }),
    ]
    const upTo = (count: number) => stateOf(message, changes.slice(0, count).toReversed()).expansion
    expect(upTo(1)).toEqual({ a: '1', b: '1' })
    expect(upTo(2)).toEqual({ b: '2', c: '2' })
    expect(JSON.stringify(upTo(3))).toBe('{"b":"2","c":"2","__proto__":"own"}')
    expect(upTo(4)).toEqual({ d: '4' })
    expect(stateOf(message, [...changes, expand(5, { del: ['d'] })]).expansion).toBeNull()
  })

  it('expanded twice in one millisecond has one outcome', () => {
    const changes = ['x1', 'x2'].map((msgUID) => expand(1, { put: { like: msgUID }, msgUID }))
    expect(stateOf(message, changes).expansion).toEqual(stateOf(message, changes.toReversed()).expansion)
  })

  it('was read by others at the first time they said so, by whatever they said it', () => {
    const { readBy } = stateOf(message, [
      plain('receipt', { byUserId: 'zoe', atMs: 250 }),
      plain('receipt', { byUserId: 'bob', atMs: 250 }),
      plain('read', { byUserId: 'bob', atMs: 300 }),
      plain('read', { byUserId: 'carl', atMs: 150, msgUID: null, upToMs: 100 }),
      plain('read', { byUserId: 'alice' }),
      plain('receipt', { byUserId: '' }),
    ])
    expect(readBy).toEqual([
      { userId: 'carl', atMs: 150 },
      { userId: 'bob', atMs: 250 },
      { userId: 'zoe', atMs: 250 },
    ])
  })

  it('may have been asked receipts for', () => {
    expect(stateOf(message, [plain('receipt_request', { byUserId: 'alice' })])).toEqual({
      ...UNTOUCHED,
      receiptRequested: true,
    })
  })

  it('has the latest verdict, which a retry of an earlier one is not', () => {
    const failed = { passed: false, serviceProvider: 'shumei', resultDetail: null, atMs: 400 }
    const changes = [verdict(true, 300), verdict(false, 400), verdict(true, 500)]
    expect(stateOf(message, changes).verdict).toEqual(failed)
    expect(stateOf(message, [verdict(false, 500), verdict(false, 400)]).verdict).toEqual(failed)
  })
})

describe('a change of everything up to a moment', () => {
  const upTo = (upToMs: number) => plain('delete', { msgUID: null, upToMs })

  it.each([
    [99, []],
    [100, ['bob']],
    [101, ['bob']],
  ])('at %i ms is one of a message sent at 100 ms, whenever that arrived: %j', (upToMs, deletedFor) => {
    expect(stateOf(message, [upTo(upToMs)]).deletedFor).toEqual(deletedFor)
  })

  it('is none of a message in another conversation, or where no conversation is named', () => {
    const elsewhere = { ...upTo(1000), conversation: group('g2') }
    const nowhere = { ...upTo(1000), conversation: null }
    expect(stateOf(message, [elsewhere, nowhere, { ...upTo(1), upToMs: null }])).toEqual(UNTOUCHED)
  })
})

describe('a change counts for no message', () => {
  it.each<[string, Changes]>([
    ['with another uid', { msgUID: 'm2' }],
    ['in another conversation', { conversation: group('g2') }],
    ['in another app', { appKey: 'other', conversation: group('g1', 'other') }],
    ['in another app, where none names the conversation', { appKey: 'other', conversation: null }],
  ])('%s', (_where, changes) => {
    expect(stateOf(message, [recall(changes), plain('delete', changes), verdict(true, 1, changes)])).toEqual(
      UNTOUCHED,
    )
  })

  it('but for the one with its uid, where it names no conversation', () => {
    const failed = { passed: false, serviceProvider: 'shumei', resultDetail: null, atMs: 300 }
    expect(stateOf(message, [verdict(false, 300, { conversation: null })]).verdict).toEqual(failed)
  })
})

describe('the identity of a change', () => {
  const changed: Changes[] = [
    { msgUID: 'm2' },
    { msgUID: null, upToMs: 7 },
    { conversation: null },
    { conversation: group('g2') },
    { byUserId: 'carl' },
  ]

  it.each(['delete', 'receipt_request', 'receipt', 'read'] as const)(
    'of a %s differs by every fact',
    (kind) => {
      const identities = [{}, ...changed].map((changes) => plain(kind, changes).identity)
      expect(new Set(identities).size).toBe(changed.length + 1)
    },
  )

  it('is the same from every road that tells the same', () => {
    expect(recall().identity).toBe(recall().identity)
    expect(plain('delete', { atMs: 1 }).identity).toBe(plain('delete', { atMs: 2 }).identity)
    expect(verdict(true, 1).identity).toBe(verdict(true, 2).identity)
  })

  it('is another for whatever the state would show', () => {
    const facts = [
      recall({ atMs: 1 }),
      recall({ atMs: 2 }),
      recall({ atMs: 1 }, { isAdmin: true }),
      recall({ atMs: 1 }, { isDelete: true }),
      plain('receipt', { atMs: 1 }),
      plain('receipt', { atMs: 2 }),
      verdict(true, 1),
      verdict(false, 1),
      edit('e1', '', 1),
      edit('e2', '', 1),
      expand(1, { msgUID: 'x1' }),
      expand(1, { msgUID: 'x2' }),
    ]
    expect(new Set(facts.map(({ identity }) => identity)).size).toBe(facts.length)
  })

  it('stays short, however long the content', () => {
    const long = 'x'.repeat(100_000)
    expect(edit('e1', long, 1).identity.length).toBeLessThan(100)
    expect(expand(1, { put: { long } }).identity.length).toBeLessThan(100)
  })

  it('comes with data whose keys are sorted', () => {
    expect(recall().data).toBe('{"isAdmin":false,"isDelete":false}')
    expect(expand(1, { put: { b: '1', a: '2' } }).data).toBe(
      '{"clear":false,"del":[],"msgUID":"x1","put":{"a":"2","b":"1"}}',
    )
    expect(plain('delete').data).toBeNull()
  })
})

const name = fc.constantFrom('a', 'b', '')
const time = fc.integer({ min: 90, max: 110 })
const subject = fc.oneof(
  fc.record({ msgUID: fc.constantFrom('m1', 'm1', 'm2'), upToMs: fc.constant(null) }),
  fc.record({ msgUID: fc.constant(null), upToMs: time }),
)
const facts = fc.record({
  about: subject,
  appKey: fc.constantFrom('app', 'app', 'app', 'other'),
  conversation: fc.constantFrom(group('g1'), group('g1'), group('g1'), group('g2'), null),
  byUserId: fc.constantFrom('alice', 'bob', 'carl', ''),
  atMs: time,
  flags: fc.record({ isAdmin: fc.boolean(), isDelete: fc.boolean() }),
  // A message happens once: its time follows from its uid.
  carrierMs: time,
  content: name,
  expansion: fc.record({ clear: fc.boolean(), put: fc.dictionary(name, name), del: fc.array(name) }),
})

const anyChange = fc
  .tuple(fc.constantFrom(...CHANGE_KINDS), facts)
  .map(([kind, { about, flags, carrierMs, content, expansion, ...rest }]): MessageChange => {
    const common = { ...rest, ...about }
    const carried = { ...common, atMs: carrierMs }
    const msgUID = `${carrierMs}${content}${JSON.stringify(expansion)}`
    if (kind === 'recall') return createChange({ ...common, kind, data: flags })
    if (kind === 'edit') return createChange({ ...carried, kind, data: { msgUID, objectName: 'o', content } })
    if (kind === 'packet') return createChange({ ...carried, kind, data: { msgUID, content } })
    if (kind === 'expansion') return createChange({ ...carried, kind, data: { msgUID, ...expansion } })
    if (kind !== 'verdict') return createChange({ ...common, kind, data: null })
    const data = { passed: flags.isAdmin, serviceProvider: content, resultDetail: null }
    return createChange({ ...common, kind, data })
  })

/** Changes, and the same ones in another order, some of them again. */
const toldTwice = fc.array(anyChange, { maxLength: 12 }).chain((changes) =>
  fc.record({
    changes: fc.constant(changes),
    again: fc
      .tuple(fc.shuffledSubarray(changes, { minLength: changes.length }), fc.shuffledSubarray(changes))
      .chain(([all, some]) => {
        const both = [...all, ...some]
        return fc.shuffledSubarray(both, { minLength: both.length })
      }),
  }),
)

describe('the state of a message', () => {
  it('is the same for any order and repetition of its changes', () => {
    fc.assert(
      fc.property(toldTwice, ({ changes, again }) => {
        expect(JSON.stringify(stateOf(message, again))).toBe(JSON.stringify(stateOf(message, changes)))
      }),
      { numRuns: 2000 },
    )
  })

  it('is the same where only the first of each identity was stored', () => {
    fc.assert(
      fc.property(toldTwice, ({ changes, again }) => {
        const stored = new Map(
          again.toReversed().map((change) => [`${change.appKey} ${change.identity}`, change]),
        )
        // The time of a verdict is that of its arrival: there the order is the fact.
        const withoutVerdict = (some: readonly MessageChange[]) => ({
          ...stateOf(message, some),
          verdict: null,
        })
        expect(withoutVerdict([...stored.values()])).toEqual(withoutVerdict(changes))
      }),
      { numRuns: 2000 },
    )
  })

  it('is not touched by changes of other messages', () => {
    const isForeign = ({ appKey, msgUID, upToMs, conversation }: MessageChange) =>
      appKey !== 'app' ||
      conversation?.targetId === 'g2' ||
      msgUID === 'm2' ||
      (msgUID === null && (conversation === null || (upToMs ?? 0) < message.sentAtMs))
    fc.assert(
      fc.property(fc.array(anyChange), (changes) => {
        const own = changes.filter((change) => !isForeign(change))
        expect(stateOf(message, changes)).toEqual(stateOf(message, own))
        expect(stateOf(message, changes.filter(isForeign))).toEqual(UNTOUCHED)
      }),
    )
  })
})
