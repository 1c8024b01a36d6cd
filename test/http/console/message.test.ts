import { describe, expect, it } from 'vitest'
import { renderDay, renderMessage, type ShownMessage } from '../../../src/http/console/messages/message.ts'
import { withNames } from '../../../src/http/console/view.ts'
import { addressesIn, chinese, elementsIn, english, expectHarmless, wordsIn } from './page.ts'

const UNTOUCHED: ShownMessage['state'] = {
  recalled: null,
  deletedFor: [],
  versions: [],
  packets: [],
  expansion: null,
  receiptRequested: false,
  verdict: null,
  leftOut: {},
}

const SENT: ShownMessage = {
  id: 123,
  appKey: 'app',
  msgUID: '6A1F-Q2PK-8CF0-01AB',
  conversationId: 4,
  channelType: 'PERSON',
  fromUserId: 'u1',
  targetId: 'u2',
  busChannel: '',
  objectName: 'RC:TxtMsg',
  content: '{"content":"hello"}',
  sentAtMs: 1_734_595_200_123,
  receivedAtMs: 1_734_595_200_456,
  source: 'iOS',
  sensitiveType: 0,
  fields: JSON.stringify({ aiGenerated: 'true', other: [1] }),
  origin: 'callback',
  problem: null,
  nonceReused: false,
  logFlags: null,
  state: UNTOUCHED,
}

const ITSELF = '/console/conversations/4?message=123#message-123'
const HISTORY = '/console/messages/123'

type Changes = Partial<Omit<ShownMessage, 'state'>> & { state?: Partial<ShownMessage['state']> }

function render({ state, ...changes }: Changes = {}, name: string | null = '林晓', view = english) {
  const item = { ...SENT, ...changes, state: { ...UNTOUCHED, ...state } }
  const named = withNames(view, new Map(name === null ? [] : [[item.fromUserId, name]]))
  const html = renderMessage(item, { view: named, side: 'right' })
  expectHarmless(html)
  return html
}

const named = (html: ReturnType<typeof render>, name: string) =>
  elementsIn(html).filter((element) => element.name === name)

const marksIn = (html: ReturnType<typeof render>) =>
  elementsIn(html)
    .filter(({ attributes }) => attributes.class?.startsWith('mark '))
    .map(({ text }) => text)

describe('a message', () => {
  it('is an article that says who, when and what, and can be linked to', () => {
    const [article] = named(render(), 'article')
    expect(article?.attributes).toMatchObject({
      id: 'message-123',
      'aria-label': '林晓, 2024-12-19 16:00:00, Text',
      class: expect.stringMatching(/^message bubble right/) as string,
    })
    expect(addressesIn(render())).toEqual([ITSELF, HISTORY])
  })

  it('shows the sender’s initial, name and id, and no portrait from elsewhere', () => {
    const [portrait, sender] = elementsIn(render()).filter(({ attributes }) =>
      /^(portrait|sender)/.test(attributes.class ?? ''),
    )
    expect([portrait?.text, sender?.text, sender?.attributes.title]).toEqual(['林', '林晓', 'u1'])
    expect(named(render(), 'img')).toEqual([])
  })

  it.each([
    ['👩‍🚀 Ann', '👩‍🚀'],
    [null, 'U'],
    ['ß', 'SS'],
    [' ', '?'],
  ])('of %j has the initial %j', (name, initial) => {
    const portrait = elementsIn(render({}, name)).find(({ attributes }) => attributes['aria-hidden'])
    expect(portrait?.text).toBe(initial)
  })

  it('shows the time of day, and the full time on demand', () => {
    const [time] = named(render(), 'time')
    const [link] = named(render(), 'a')
    expect([time?.text, time?.attributes.datetime]).toEqual([
      '2024-12-19 16:00:00 Asia/Shanghai',
      '2024-12-19T08:00:00.123Z',
    ])
    expect(link?.attributes.title).toBe('Link to this message: 2024-12-19 16:00:00 Asia/Shanghai')
  })

  it('holds what was received, with all its fields', () => {
    const received = elementsIn(render()).find(({ attributes }) => attributes.class === 'received')
    for (const part of [
      SENT.content,
      SENT.msgUID,
      'PERSON',
      'iOS',
      '1734595200123 = 2024-12-19',
      'aiGenerated',
      '[1]',
    ])
      expect(received?.text).toContain(part)
  })

  it('whose content is long holds the beginning and leads to all of it', () => {
    const html = render({ objectName: 'app:Order', content: 'x'.repeat(30_000) })
    expect(addressesIn(html)).toEqual([
      ITSELF,
      ...Array<string>(2).fill('/console/messages/123/content'),
      HISTORY,
    ])
    expect(html.length).toBeLessThan(30_000)
  })

  it('has no marks when nothing became of it', () => {
    expect(marksIn(render())).toEqual([])
  })

  it('that was recalled is marked, and still shown', () => {
    const recalled = { atMs: SENT.sentAtMs + 60_000, byUserId: 'admin', isAdmin: true, isDelete: true }
    const html = render({ state: { recalled } })
    expect(marksIn(html)).toEqual(['recalled by admin as administrator at 2024-12-19 16:01:00 and deleted'])
    expect(named(html, 'article')[0]?.attributes.class).toContain('gone')
    expect(wordsIn(html)).toContain('hello')
  })

  it('that was edited shows how it is now, and folded how it was', () => {
    const version = (text: string, atMs: number) => ({
      msgUID: 'e',
      objectName: 'RC:TxtMsg',
      content: JSON.stringify({ content: text }),
      byUserId: 'u1',
      atMs,
    })
    const versions = [version('second', SENT.sentAtMs + 1000), version('third', SENT.sentAtMs + 2000)]
    const html = render({ state: { versions } })
    const content = elementsIn(html).find(({ attributes }) => attributes.class === 'content')
    const earlier = elementsIn(html).find(({ attributes }) => attributes.class === 'versions')
    expect(content?.text.trim()).toBe('third')
    expect(earlier?.text).toMatch(/earlier versions: 2[^]+second[^]+hello/)
    expect(marksIn(html)).toEqual(['edited by 林晓 at 2024-12-19 16:00:02'])
  })

  it('that edits another is a line that says so, its own words folded', () => {
    const html = render({ fields: JSON.stringify({ originalMsgUID: 'ORIGINAL' }) })
    expect(named(html, 'article')[0]?.attributes.class).toMatch(/^message line\s*$/)
    const edit = elementsIn(html).find(({ attributes }) => attributes.class === 'edit')
    expect(edit?.text.replaceAll(/\s+/g, ' ').trim()).toBe('林晓 edits message ORIGINAL hello')
    const receipt = { objectName: 'RC:ReadNtf', content: '{"lastMessageSendTime":1}' }
    const signal = render({ ...receipt, fields: JSON.stringify({ originalMsgUID: 'ORIGINAL' }) })
    expect(wordsIn(signal)).not.toContain('edits')
  })

  it('names those of whom it speaks, the id beside', () => {
    const view = withNames(english, new Map([['u2', '小李']]))
    const say = (objectName: string, content: object, state = {}) => {
      const item = {
        ...SENT,
        objectName,
        content: JSON.stringify(content),
        state: { ...UNTOUCHED, ...state },
      }
      return renderMessage(item, { view, side: 'left' })
    }
    const recalled = { atMs: 1, byUserId: 'u2', isAdmin: false, isDelete: false }
    const told: [string, object, object, string][] = [
      [
        'RC:TxtMsg',
        { content: 'a', mentionedInfo: { type: 2, userIdList: ['u2', 'u3'] } },
        {},
        'Mentions 小李, u3',
      ],
      ['RC:TxtMsg', { content: 'a' }, { recalled }, 'recalled by 小李'],
      ['RC:TxtMsg', { content: 'a' }, { deletedFor: ['u2'] }, 'from the view of 小李'],
      [
        'RC:ReferenceMsg',
        { content: 'a', objName: 'RC:TxtMsg', referMsg: 'b', referMsgUserId: 'u2' },
        {},
        'Quoting 小李',
      ],
      [
        'RC:CombineV2Msg',
        { msgList: [{ fromUserId: 'u2', objectName: 'RC:TxtMsg', content: 'b' }] },
        {},
        '小李 b',
      ],
      ['RC:VCInvite', { callId: 'c', inviteUserIds: ['u2'] }, {}, 'invites 小李'],
      ['RC:GrpNtf', { operation: 'Quit', operatorUserId: 'u2', data: '{}' }, {}, '小李 left the group'],
    ]
    for (const [objectName, content, state, words] of told) {
      const html = say(objectName, content, state)
      expectHarmless(html)
      expect(wordsIn(html)).toContain(words)
      expect(html.toString()).toContain('title="u2"')
    }
  })

  it('that was edited away from a voice leads to the voice it was', () => {
    const edit = {
      msgUID: 'e',
      objectName: 'RC:VcMsg',
      content: '{"content":"AAAA"}',
      byUserId: 'u1',
      atMs: 1,
    }
    const html = render({
      objectName: 'RC:VcMsg',
      content: '{"content":"IyFB"}',
      state: { versions: [edit] },
    })
    expect(addressesIn(html)).toEqual([ITSELF, '/console/messages/123/voice', HISTORY])
  })

  it.each<[Changes, string]>([
    [{ sensitiveType: 1 }, 'blocked: not delivered'],
    [{ sensitiveType: 2 }, 'words were replaced'],
    [{ problem: 'content is not JSON' }, 'does not fit its type: content is not JSON'],
    [{ nonceReused: true }, 'its signature had come before with another body'],
    [{ state: { deletedFor: ['u2', 'u3'] } }, 'deleted from the view of u2, u3'],
    [{ state: { readBy: [{ userId: 'u2', atMs: 1 }] } }, 'read by 1'],
    [{ state: { receiptRequested: true } }, 'receipts asked for'],
    [
      { state: { verdict: { passed: false, serviceProvider: null, resultDetail: null, atMs: 1 } } },
      'rejected by moderation',
    ],
  ])('with %j is marked: %s', (changes, mark) => {
    expect(marksIn(render(changes))).toEqual([mark])
  })

  it('speaks Chinese', () => {
    const recalled = { atMs: SENT.sentAtMs, byUserId: '', isAdmin: false, isDelete: false }
    const html = render({ sensitiveType: 1, state: { recalled } }, '林晓', chinese)
    expect(marksIn(html)).toEqual(['某人 于 2024-12-19 16:00:00 撤回', '被屏蔽：未送达'])
    expect(named(html, 'article')[0]?.attributes['aria-label']).toBe('林晓，2024-12-19 16:00:00，文本')
  })

  it('that only tells what happened is a bar without a portrait', () => {
    const html = render({ objectName: 'RC:InfoNtf', content: '{"message":"joined"}' })
    expect(named(html, 'article')[0]?.attributes.class).toMatch(/^message bar\s*$/)
    expect(elementsIn(html).some(({ attributes }) => /portrait|sender/.test(attributes.class ?? ''))).toBe(
      false,
    )
  })

  it('with hostile names and values in every place does nothing', () => {
    const hostile = '"><script>alert(1)</script>\u202e\u0000'
    const html = render(
      {
        appKey: hostile,
        msgUID: hostile,
        channelType: hostile,
        fromUserId: hostile,
        targetId: hostile,
        busChannel: hostile,
        objectName: hostile,
        content: hostile,
        source: hostile,
        problem: hostile,
        fields: JSON.stringify({
          [hostile]: hostile,
          id: hostile,
          isEscaped: true,
          nested: { isEscaped: true, toString: hostile },
        }),
        sentAtMs: 9e15,
        state: {
          recalled: { atMs: Number.NaN, byUserId: hostile, isAdmin: false, isDelete: false },
          deletedFor: [hostile],
          expansion: { [hostile]: hostile },
          versions: [
            { msgUID: hostile, objectName: hostile, content: hostile, atMs: -9e15, byUserId: hostile },
          ],
        },
      },
      hostile,
    )
    const edit = render({ fields: JSON.stringify({ originalMsgUID: hostile }) }, hostile)
    for (const each of [html, edit]) expect(each.toString()).not.toMatch(/[[\p{Cc}--\n]\u202e]|<script/v)
  })
})

describe('a day', () => {
  it('is a heading between the messages', () => {
    expect(elementsIn(renderDay(SENT.sentAtMs, english, false))).toEqual([
      { name: 'h2', attributes: { class: 'day' }, text: '2024-12-19' },
      { name: 'time', attributes: { datetime: '2024-12-19' }, text: '2024-12-19' },
    ])
  })
})
