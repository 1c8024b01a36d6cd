import { describe, expect, it } from 'vitest'
import { deliverMessage, getJson, messageFields } from '../../support/requests.ts'
import { openConsole, type Operator } from './signed-in.ts'

const NOON_MS = Date.parse('2024-12-19T12:00:00+08:00')
const HOUR_MS = 3_600_000

type Items = { items: { id: number; msgUID: string; conversationId: number }[] }

/** Messages `0`, `1` … one an hour, of which each says its number. */
async function talk({ archive }: Operator, count: number): Promise<{ path: string; ids: number[] }> {
  for (let i = 0; i < count; i++)
    await deliverMessage(archive, {
      msgUID: String(i),
      msgTimestamp: String(NOON_MS + i * HOUR_MS),
      content: JSON.stringify({ content: `number ${i}.` }),
      ...(i % 2 === 1 && { fromUserId: 'shop_a', toUserId: 'u1' }),
    })
  const { items } = await getJson<Items>(archive, '/api/v1/messages?limit=500')
  const ids = items.toReversed().map(({ id }) => id)
  return { path: `/console/conversations/${items[0]?.conversationId}`, ids }
}

const PART = { 'HX-Request': 'true' }

/** Those that are seen between two parts are not `continued`. */
const daysIn = (text: string) =>
  Array.from(text.matchAll(/<h2 class="(day[^"]*)">.*?>([\d-]+)</g), ([, kind, day]) => `${kind} ${day}`)

const numbersIn = (text: string) =>
  Array.from(text.matchAll(/<div class="content">[\s\S]*?number (\d+)\./g), ([, number]) => Number(number))

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

function wayIn(text: string, name: string): string | undefined {
  return new RegExp(`href="([^"]+)"[^>]*>\\s*${name}`).exec(text)?.[1]?.replaceAll('&amp;', '&')
}

describe('a conversation', () => {
  it('is its newest messages, oldest at the top, with a line for each day', async () => {
    const operator = await openConsole()
    const { path } = await talk(operator, 14)
    const text = await operator.page(path)
    expect(numbersIn(text)).toEqual(range(0, 13))
    expect(daysIn(text)).toEqual(['day 2024-12-19', 'day 2024-12-20'])
    expect(wayIn(text, 'Older')).toBeUndefined()
    expect(wayIn(text, 'Newer')).toBeUndefined()
  })

  it('has the seller on the right', async () => {
    const operator = await openConsole()
    const { path } = await talk(operator, 2)
    const text = await operator.page(path)
    expect(Array.from(text.matchAll(/class="message bubble (left|right)/g), ([, side]) => side)).toEqual([
      'left',
      'right',
    ])
  })

  it('can be read to its beginning and back, each message once', async () => {
    const operator = await openConsole()
    const { path } = await talk(operator, 120)
    const newest = await operator.page(path)
    const middle = await operator.page(wayIn(newest, 'Older') ?? '')
    const oldest = await operator.page(wayIn(middle, 'Older') ?? '')
    expect([newest, middle, oldest].map(numbersIn)).toEqual([range(70, 119), range(20, 69), range(0, 19)])
    expect(wayIn(oldest, 'Older')).toBeUndefined()
    const upAgain = await operator.page(wayIn(oldest, 'Newer') ?? '')
    expect(numbersIn(upAgain)).toEqual(range(20, 69))
    const top = await operator.page(wayIn(upAgain, 'Newer') ?? '')
    expect([numbersIn(top), wayIn(top, 'Newer')]).toEqual([range(70, 119), undefined])
  })

  it('is added to by parts, each with its own ways on, which are links without a script', async () => {
    const operator = await openConsole()
    const { path } = await talk(operator, 120)
    const newest = await operator.page(path)
    const way = /<a\s[^>]*class="way before"[^>]*>/.exec(newest)?.[0] ?? ''
    const address = wayIn(newest, 'Older') ?? ''
    expect(way).toContain(`hx-get="${address.replaceAll('&', '&amp;')}"`)
    expect(way).toContain('hx-swap="beforebegin"')
    const part = await operator.page(address, PART)
    expect(part).toMatch(/^<div class="part">/)
    expect(part).not.toMatch(/<html|<main|<form|<section|<script/)
    expect(numbersIn(part)).toEqual(range(20, 69))
    expect(numbersIn(await operator.page(wayIn(part, 'Older') ?? '', PART))).toEqual(range(0, 19))
    expect(numbersIn(await operator.page(wayIn(part, 'Newer') ?? '', PART))).toEqual(range(70, 119))
  })

  it('has one line for a day that two parts share, wherever they meet', async () => {
    const operator = await openConsole()
    // Of hours, so that number 70 is of the same day as 69, and 12 begins one.
    const { path } = await talk(operator, 120)
    const newest = await operator.page(path)
    expect(daysIn(newest)[0]).toBe('day continued 2024-12-22')
    const middle = await operator.page(wayIn(newest, 'Older') ?? '', PART)
    expect(daysIn(middle)).toEqual(['day continued 2024-12-20', 'day 2024-12-21', 'day 2024-12-22'])
    expect(daysIn(await operator.page(wayIn(middle, 'Newer') ?? '', PART))[0]).toBe(
      'day continued 2024-12-22',
    )
    const oldest = await operator.page(wayIn(middle, 'Older') ?? '', PART)
    expect(daysIn(oldest)).toEqual(['day 2024-12-19', 'day 2024-12-20'])
    expect(daysIn(await operator.page(`${path}?date=2024-12-20`))[0]).toBe('day 2024-12-20')
  })

  it('has a line in the access log for each part', async () => {
    const operator = await openConsole({ API_KEYS: 'root:key-of-the-root-user:read+admin' })
    for (let i = 0; i < 51; i++)
      await deliverMessage(operator.archive, { msgUID: String(i), msgTimestamp: String(NOON_MS + i) })
    const { items } = await getJson<Items>(
      operator.archive,
      '/api/v1/messages?limit=1',
      'key-of-the-root-user',
    )
    const address = wayIn(await operator.page(`/console/conversations/${items[0]?.conversationId}`), 'Older')
    await operator.page(address ?? '', PART)
    const accesses = '/api/v1/console-accesses?limit=1'
    const noted = await getJson<{ items: unknown[] }>(operator.archive, accesses, 'key-of-the-root-user')
    expect(noted.items).toMatchObject([
      {
        action: 'conversation',
        subjectId: items[0]?.conversationId,
        detail: expect.stringMatching(/^before=/) as string,
      },
    ])
  })

  it('is no part of a page for whoever is signed out, but the way to sign in', async () => {
    const { archive } = await openConsole()
    const answer = await archive.request('/console/conversations/1?before=x', { headers: PART })
    expect([answer.status, await answer.text()]).toEqual([401, ''])
    expect(answer.headers.get('HX-Refresh')).toBe('true')
  })

  it('opens at a day', async () => {
    const operator = await openConsole()
    const { path } = await talk(operator, 80)
    const text = await operator.page(`${path}?date=2024-12-20`)
    expect(numbersIn(text)[0]).toBe(12)
    expect(numbersIn(await operator.page(wayIn(text, 'Older') ?? ''))).toEqual(range(0, 11))
    const late = await operator.page(`${path}?date=2030-01-01`)
    expect(late).toContain('No messages here.')
    expect(numbersIn(await operator.page(wayIn(late, 'Older') ?? ''))).toEqual(range(30, 79))
    expect((await operator.get(`${path}?date=yesterday`)).status).toBe(422)
  })

  it('opens at a message, between its neighbours', async () => {
    const operator = await openConsole()
    const { path, ids } = await talk(operator, 80)
    const text = await operator.page(`${path}?message=${ids[40]}`)
    expect(numbersIn(text)).toEqual(range(20, 70))
    expect(text.match(/aria-current="true"/g)).toHaveLength(2)
    expect(text).toMatch(new RegExp(`id="message-${ids[40]}"[^>]*aria-current="true"`))
    expect(text).toContain(`href="${path}?message=${ids[40]}#message-${ids[40]}"`)
    await deliverMessage(operator.archive, { msgUID: 'x', channelType: 'GROUP', toUserId: 'g' })
    expect((await operator.get(`${path}?message=${(ids.at(-1) ?? 0) + 1}`)).status).toBe(404)
  })

  it('names its senders, and lets no name or message run', async () => {
    const operator = await openConsole()
    const name = '<img src=x onerror=alert(1)>'
    const content = JSON.stringify({ content: '<script>alert(1)</script>', user: { id: 'u1', name } })
    await deliverMessage(operator.archive, { content })
    const { items } = await getJson<Items>(operator.archive, '/api/v1/messages')
    const text = await operator.page(`/console/conversations/${items[0]?.conversationId}`)
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(text).not.toMatch(/<script>|<img/)
  })

  it('names whoever is known to the app, wherever a message speaks of them', async () => {
    const operator = await openConsole()
    const named = { content: JSON.stringify({ content: 'hi', user: { id: 'u9', name: '小林' } }) }
    await deliverMessage(operator.archive, { msgUID: 'elsewhere', fromUserId: 'u9', ...named })
    const content = {
      content: 're',
      objName: 'RC:TxtMsg',
      referMsgUserId: 'u9',
      referMsg: { content: 'orig' },
    }
    await deliverMessage(operator.archive, {
      msgUID: 'quote',
      objectName: 'RC:ReferenceMsg',
      content: JSON.stringify(content),
    })
    const { items } = await getJson<Items>(operator.archive, '/api/v1/messages?msgUID=quote')
    const text = await operator.page(`/console/conversations/${items[0]?.conversationId}`)
    expect(text).toContain('Quoting <b class="value" title="u9"><bdi>小林</bdi></b>')
    expect(text).not.toContain('小林</span>')
  })

  it('leads to a search within it', async () => {
    const operator = await openConsole()
    const { path } = await talk(operator, 1)
    const within = wayIn(await operator.page(path), 'Search here') ?? ''
    expect(within).toBe(`/console/search?conversationId=${path.split('/').at(-1)}`)
    expect(await operator.page(within)).toContain('Only in the conversation')
  })

  it.each(['/console/conversations/999', '/console/messages/999', '/console/messages/999/voice'])(
    'that is not there is not found: %s',
    async (path) => {
      const answer = await (await openConsole()).get(path)
      expect([answer.status, answer.headers.get('Content-Type')]).toEqual([404, 'text/html; charset=UTF-8'])
      expect(await answer.text()).toContain('<h1>Not found</h1>')
    },
  )
})

describe('a message', () => {
  it('is shown as received, with what happened to it since', async () => {
    const operator = await openConsole()
    await deliverMessage(operator.archive)
    const { msgUID = '' } = messageFields()
    const recall = { messageUId: msgUID, isDelete: false, isAdmin: false, sentTime: 1_734_595_200_999 }
    await deliverMessage(operator.archive, {
      msgUID: 'recall',
      objectName: 'RC:RcCmd',
      content: JSON.stringify(recall),
    })
    const { items } = await getJson<Items>(operator.archive, `/api/v1/messages?msgUID=${msgUID}`)
    const text = await operator.page(`/console/messages/${items[0]?.id}`)
    expect(text).toContain('<b>recalled</b>')
    expect(text).toContain(msgUID)
    expect(text).toContain('As received')
    expect(text).not.toContain('class="history"')
    expect(text).toContain(
      `/console/conversations/${items[0]?.conversationId}?message=${items[0]?.id}#message-`,
    )
  })

  it('that was edited is told of as it was before and after each edit, and what was kept is folded', async () => {
    const operator = await openConsole()
    const said = (price: number) => JSON.stringify({ content: `costs ${price}.` })
    await deliverMessage(operator.archive, { msgUID: 'A', msgTimestamp: String(NOON_MS), content: said(9) })
    for (const [at, price] of [8, 7].entries())
      await deliverMessage(operator.archive, {
        msgUID: `edit ${at}`,
        originalMsgUID: 'A',
        msgTimestamp: String(NOON_MS + 1000 + at),
        content: said(price),
      })
    const { items } = await getJson<Items>(operator.archive, '/api/v1/messages?msgUID=A')
    const text = await operator.page(`/console/messages/${items[0]?.id}`)
    const history = text.slice(text.indexOf('id="history"'))
    const told = /<dt>(\w+)<\/dt>\s*<dd class="content">.*?costs (\d)\./gs
    expect(Array.from(history.matchAll(told), ([, when, price]) => `${when} ${price}`)).toEqual([
      'Before 9',
      'After 8',
      'Before 8',
      'After 7',
    ])
    expect(history).toMatch(/<details>\s*<summary>As kept<\/summary>\s*<pre/)
    const chat = await operator.page(`/console/conversations/${items[0]?.conversationId}`)
    expect(Array.from(chat.matchAll(/class="message (\w+)/g), ([, shape]) => shape)).toEqual([
      'bubble',
      'line',
      'line',
    ])
    expect(chat).toMatch(/<details class="edit">\s*<summary>/)
  })

  it('hands out its voice and its whole content as files, and notes it', async () => {
    const operator = await openConsole({ API_KEYS: 'root:key-of-the-root-user:read+admin' })
    const content = '{"content":"IyFBTVIK","duration":3}'
    await deliverMessage(operator.archive, { objectName: 'RC:VcMsg', content })
    const { items } = await getJson<Items>(operator.archive, '/api/v1/messages', 'key-of-the-root-user')
    const path = `/console/messages/${items[0]?.id}`
    const voice = await operator.get(`${path}/voice`)
    const sound = new TextDecoder().decode(await voice.arrayBuffer())
    expect([sound, voice.headers.get('Content-Type')]).toEqual(['#!AMR\n', 'audio/amr'])
    const whole = await operator.get(`${path}/content`)
    expect(await whole.text()).toBe(content)
    expect(whole.headers.get('Content-Disposition')).toMatch(/^attachment/)
    expect(whole.headers.get('Content-Security-Policy')).toContain('sandbox')
    const accesses = '/api/v1/console-accesses?limit=2'
    const noted = await getJson<{ items: unknown[] }>(operator.archive, accesses, 'key-of-the-root-user')
    expect(noted.items).toMatchObject([
      { action: 'content', subjectId: items[0]?.id },
      { action: 'voice', subjectId: items[0]?.id },
    ])
  })
})
