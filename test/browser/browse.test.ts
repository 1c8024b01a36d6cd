import { beforeAll, describe, expect, it } from 'vitest'
import { deliverMessage } from '../support/requests.ts'
import { placesOf, useConsole } from './console.ts'

const { archive, visit } = useConsole()
const DAY_MS = 24 * 3600_000
const SENT_MS = Date.parse('2024-12-19T08:00:00Z')

// A hundred days with a message each, so that no day is on the same page as a far one.
beforeAll(async () => {
  const said = Array.from({ length: 100 }, (_, day) => ({
    msgUID: `D${day}`,
    msgTimestamp: String(SENT_MS + day * DAY_MS),
    content: JSON.stringify({ content: `第${day}天`, user: { id: 'u1', name: '林晓' } }),
  }))
  for (const fields of said) expect((await deliverMessage(archive, fields)).status).toBe(200)
  await deliverMessage(archive, {
    msgUID: 'GROUP',
    channelType: 'GROUP',
    toUserId: 'g1',
    groupUserIds: '[]',
    msgTimestamp: String(SENT_MS),
    content: '{"content":"大家好"}',
  })
})

describe('browsing', () => {
  it('goes from the list to a conversation, its newest message first seen', async () => {
    const page = await visit('/console')
    await page.getByLabel('Kind').selectOption('PERSON')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.waitForURL(/channelType=PERSON/)
    expect(await page.locator('.cards > li').count()).toBe(1)
    await page.getByRole('link', { name: '林晓' }).click()
    expect(await page.locator('h1').textContent()).toContain('林晓')
    const newest = page.locator('article', { hasText: '第99天' })
    const bottom = () => newest.evaluate((each) => each.getBoundingClientRect().bottom)
    await expect.poll(bottom).toBeLessThanOrEqual(800)
  })

  it('comes by a deep link to the very message, and marks it', async () => {
    const { context, id } = await placesOf(archive, 'D40')
    const page = await visit(context)
    const message = page.locator(`#message-${id}`)
    expect(await message.locator('.content').textContent()).toContain('第40天')
    await expect.poll(() => message.evaluate((each) => each.matches(':target'))).toBe(true)
    await expect
      .poll(() => message.evaluate((each) => Math.round(each.getBoundingClientRect().top)))
      .toSatisfy((top: number) => top >= 0 && top < 800)
  })

  it('shows the ways of a message where the mouse or the keyboard is, and nothing moves', async () => {
    const { conversation } = await placesOf(archive, 'D0')
    const page = await visit(conversation)
    const message = page.locator('article').last()
    const opacity = () => message.locator('footer').evaluate((each) => getComputedStyle(each).opacity)
    const tops = () =>
      page.locator('article').evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top))
    const before = await tops()
    expect(await opacity()).toBe('0')
    await message.hover()
    await expect.poll(opacity).toBe('1')
    expect(await tops()).toEqual(before)
    await page.locator('h1').hover()
    await expect.poll(opacity).toBe('0')
    await message.focus()
    await expect.poll(opacity).toBe('1')
    expect(await tops()).toEqual(before)
  })

  it('jumps to a day', async () => {
    const { conversation } = await placesOf(archive, 'D0')
    const page = await visit(conversation)
    await page.getByLabel('Go to the day').fill('2025-01-08')
    await page.getByRole('button', { name: 'Go', exact: true }).click()
    await page.waitForURL(/date=2025-01-08/)
    await page.locator('article', { hasText: '第20天' }).waitFor()
    expect(await page.getByText('第99天').count()).toBe(0)
  })

  it('speaks the browser’s language, or the one that was chosen, also later', async () => {
    const page = await visit('/console', { language: 'zh' })
    expect([await page.title(), await page.locator('html').getAttribute('lang')]).toEqual([
      '会话 · 融云消息归档',
      'zh-CN',
    ])
    await page.getByRole('link', { name: 'English' }).click()
    await page.waitForURL(/lang=en/)
    expect(await page.title()).toBe('Conversations · RongCloud archive')
    await page.getByRole('link', { name: '林晓' }).click()
    await page.waitForURL(/conversations/)
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await page.getByRole('link', { name: '中文' }).click()
    await page.getByRole('button', { name: '退出' }).waitFor()
  })

  it('is dark or light as the system is, also when that changes', async () => {
    const page = await visit('/console', { theme: 'dark' })
    const brightness = () =>
      page.evaluate(() => {
        const [red = 0, green = 0, blue = 0] = getComputedStyle(document.body)
          .backgroundColor.matchAll(/\d+/g)
          .map(Number)
        return red + green + blue
      })
    expect(await brightness()).toBeLessThan(200)
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await brightness()).toBeGreaterThan(600)
  })

  it('says who was shown what in the access log', async () => {
    const { conversation } = await placesOf(archive, 'D0')
    const page = await visit(conversation)
    await page.getByRole('link', { name: 'Access log' }).click()
    await page.waitForURL(/accesses/)
    const rows = (await page.locator('tbody tr').allTextContents()).map((row) => row.replaceAll(/\s+/g, ' '))
    expect(rows.join('\n')).toContain(` access log `)
    expect(rows.join('\n')).toContain(` conversation ${conversation.split('/').at(-1)} `)
  })
})
