import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { deliverMessage } from '../support/requests.ts'
import { placesOf, useConsole } from './console.ts'

const { archive, visit } = useConsole()

const COUNT = 420
const SENT_MS = Date.parse('2024-12-19T08:00:00Z')
const said = (at: number) => `第${at}句`

// Of different heights, as messages are.
beforeAll(async () => {
  const all = Array.from({ length: COUNT }, (_, at) => ({
    msgUID: `S${at}`,
    fromUserId: at % 3 === 0 ? 'shop_a' : 'u1',
    toUserId: at % 3 === 0 ? 'u1' : 'shop_a',
    content: JSON.stringify({ content: said(at) + '\n再说一行'.repeat(at % 4) }),
    msgTimestamp: String(SENT_MS + at * 600_000),
  }))
  const senders = Array.from({ length: 8 }, async () => {
    for (let fields = all.pop(); fields; fields = all.pop()) await deliverMessage(archive, fields)
  })
  await Promise.all(senders)
})

/** Which messages are on the page, in its order. */
function onPage(page: Page): Promise<number[]> {
  return page
    .locator('article.message .content')
    .evaluateAll((all) => all.map((each) => Number(/第(\d+)句/.exec(each.textContent)?.[1])))
}

/** Scrolls to one end of what is there until nothing more comes, and gives every message that was seen on the way. */
async function scrollToEnd(page: Page, direction: 'older' | 'newer'): Promise<Set<number>> {
  const [far, end] = direction === 'older' ? [COUNT, 0] : [-1, COUNT - 1]
  const seen = new Set<number>()
  const outermost = (all: number[]) => (direction === 'older' ? all[0] : all.at(-1)) ?? far
  for (;;) {
    const before = await onPage(page)
    for (const at of before) seen.add(at)
    // Neither doubled nor missing, nor out of order.
    expect(before).toEqual(before.map((_, at) => (before[0] ?? 0) + at))
    if (outermost(before) === end) return seen
    await page.evaluate(
      (top) => scrollTo(0, top ? 0 : document.documentElement.scrollHeight),
      direction === 'older',
    )
    await expect
      .poll(async () => outermost(await onPage(page)), { timeout: 10_000 })
      .not.toBe(outermost(before))
  }
}

const everything = new Set(Array.from({ length: COUNT }, (_, at) => at))

describe('a long conversation', () => {
  it('is scrolled from its newest message to its oldest and back', async () => {
    const { conversation } = await placesOf(archive, 'S0')
    const page = await visit(conversation)
    expect((await onPage(page)).at(-1)).toBe(COUNT - 1)
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0)
    expect(await scrollToEnd(page, 'older')).toEqual(everything)
    await page.goto((await placesOf(archive, 'S0')).context)
    expect(await scrollToEnd(page, 'newer')).toEqual(everything)
  })

  it('opens at its newest message and fetches no older ones, however slowly its script comes', async () => {
    const { conversation } = await placesOf(archive, 'S0')
    const page = await visit('/console')
    const fetched: string[] = []
    page.on('request', (request) => fetched.push(request.url()))
    const frame = () => page.evaluate(() => new Promise(requestAnimationFrame))
    // What is there is painted, its top first, before the script stands at the bottom.
    await page.route('**/chat.js', async (route) => {
      await frame()
      await frame()
      await route.continue()
    })
    await page.goto(conversation)
    await frame()
    await frame()
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(1000)
    expect(fetched.filter((address) => address.includes('before='))).toEqual([])
    await page.evaluate(() => {
      scrollTo(0, 0)
    })
    await expect.poll(() => fetched.filter((address) => address.includes('before=')).length).toBe(1)
  })

  it('does not move what one reads when older messages come', async () => {
    const page = await visit((await placesOf(archive, 'S200')).context)
    const [first = 0] = await onPage(page)
    // To where they come into reach, which is before they are seen.
    const { id, top } = await page.evaluate(() => {
      const messages = [...document.querySelectorAll('article.message')]
      scrollBy(0, (messages[0]?.getBoundingClientRect().top ?? 0) + 500)
      const read = messages.find((each) => each.getBoundingClientRect().top > 0)
      return { id: read?.id ?? '', top: read?.getBoundingClientRect().top ?? 0 }
    })
    await expect.poll(async () => (await onPage(page))[0]).toBeLessThan(first)
    const topNow = () => page.locator(`#${id}`).evaluate((each) => each.getBoundingClientRect().top)
    await expect.poll(topNow).toBeCloseTo(top, 0)
  })

  it('is walked through by keys', async () => {
    const { conversation } = await placesOf(archive, 'S0')
    const page = await visit(conversation)
    const current = () =>
      page.evaluate(() => Number(/第(\d+)句/.exec(document.activeElement?.textContent ?? '')?.[1]))
    await page.keyboard.press('G')
    expect(await current()).toBe(COUNT - 1)
    await page.keyboard.press('k')
    await page.keyboard.press('k')
    await page.keyboard.press('j')
    expect(await current()).toBe(COUNT - 2)
    await page.keyboard.press('ArrowUp')
    expect(await current()).toBe(COUNT - 3)
    await page.keyboard.press('?')
    const help = page.getByRole('dialog')
    await help.waitFor()
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'hidden' })
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL(/messages\/\d+/)
    expect(await page.locator('article .content').textContent()).toContain(said(COUNT - 2))
    await page.goto(conversation)
    await page.keyboard.press('/')
    await page.waitForURL(/search\?conversationId=\d+$/)
  })
})
