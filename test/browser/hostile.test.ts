import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { PAGE_BYTES } from '../../src/archive/page.ts'
import { deliverMessage } from '../support/requests.ts'
import { exampleOf, examples } from '../http/console/examples.ts'
import { HOSTILE, poisoned, TRICKS } from '../http/console/hostile.ts'
import { misplaced, overhanging } from './geometry.ts'
import { placesOf, useConsole } from './console.ts'

const { archive, visit } = useConsole()

const TYPES = [...examples.map(({ objectName }) => objectName), 'app:Order']
// As many as a page holds, if they are short.
const MOST = 50

type Message = { objectName: string; content: string }

/** In every string of the content, or in its first one where more would not fit in a callback. */
function holding(objectName: string, trick: string): Message {
  if (trick.length < 1000) return { objectName, content: poisoned(objectName, trick) }
  let isDone = false
  const content = JSON.stringify(JSON.parse(exampleOf(objectName)), (_, value: unknown) => {
    if (isDone || typeof value !== 'string') return value
    isDone = true
    return trick
  })
  return {
    objectName,
    content: isDone ? content : JSON.stringify({ content: trick, name: trick.slice(0, 999) }),
  }
}

function conversationsOf(
  name: string,
  messages: readonly Message[],
): { id: string; messages: readonly Message[] }[] {
  const parts: Message[][] = []
  let bytes = 0
  for (const message of messages) {
    const length = Buffer.byteLength(message.content)
    const part = parts.at(-1)
    bytes += length
    if (part && part.length < MOST && bytes <= PAGE_BYTES) part.push(message)
    else {
      parts.push([message])
      bytes = length
    }
  }
  return parts.map((part, at) => ({ id: `${name}-${at}`, messages: part }))
}

const tricks = Object.entries(TRICKS).map(([name, trick], at) => ({
  name,
  conversations: conversationsOf(
    `trick${at}`,
    TYPES.map((objectName) => holding(objectName, trick)),
  ),
}))
const whole = conversationsOf(
  'whole',
  HOSTILE.flatMap((content) => ['RC:TxtMsg', 'app:Order'].map((objectName) => ({ objectName, content }))),
)

beforeAll(async () => {
  const all = [...whole, ...tricks.flatMap(({ conversations }) => conversations)].flatMap(
    ({ id, messages }) =>
      messages.map((message, at) => ({
        msgUID: `${id}-${at}`,
        channelType: 'GROUP',
        fromUserId: '<script>alert(1)</script>\u202e',
        toUserId: id,
        groupUserIds: '[]',
        ...message,
      })),
  )
  const senders = Array.from({ length: 8 }, async () => {
    for (let fields = all.pop(); fields; fields = all.pop())
      expect((await deliverMessage(archive, fields)).status).toBe(200)
  })
  await Promise.all(senders)
}, 60_000)

/** That nothing ran is what every visit makes sure of. */
async function expectHarmless(page: Page, { id, messages }: (typeof whole)[number]) {
  await page.goto((await placesOf(archive, `${id}-0`)).conversation)
  expect(await page.locator('article.message').count()).toBe(messages.length)
  await page.locator('details').evaluateAll((all: HTMLDetailsElement[]) => {
    for (const each of all) each.open = true
  })
  expect(await misplaced(page)).toEqual([])
  expect(await overhanging(page)).toEqual([])
  const schemes = await page
    .locator('a')
    .evaluateAll((all: HTMLAnchorElement[]) => all.map(({ protocol }) => protocol))
  expect(schemes.filter((scheme) => scheme !== 'http:' && scheme !== 'https:')).toEqual([])
  // It still answers to the keyboard.
  await page.getByRole('link', { name: 'Skip to content' }).press('Enter')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
}

describe('hostile content', () => {
  it.each(tricks)('in every type does nothing and stays in its place: $name', async ({ conversations }) => {
    const page = await visit('/console')
    for (const each of conversations) await expectHarmless(page, each)
  })

  it('that is no JSON does nothing and stays in its place', async () => {
    const page = await visit('/console')
    for (const each of whole) await expectHarmless(page, each)
  })
})
