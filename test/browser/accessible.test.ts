import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { CONSOLE_PASSWORD } from '../support/archive.ts'
import { deliver, deliverMessage, getJson } from '../support/requests.ts'
import { examples } from '../http/console/examples.ts'
import { overhanging } from './geometry.ts'
import { placesOf, useConsole } from './console.ts'

const { archive, visit } = useConsole()

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const WCAG: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
}

/** What is wrong with a page, one line for each; evaluated, because the page's policy lets no foreign script in. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const { violations: found } = await page.evaluate<AxeResults, RunOptions>(
    (options) => (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run(document, options),
    WCAG,
  )
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}

const PAGES: Record<string, () => string | Promise<string>> = {
  conversations: () => '/console',
  search: () => '/console/search?q=新',
  overview: () => '/console/overview',
  live: () => '/console/live',
  conversation: async () => (await placesOf(archive, 'A0')).conversation,
  message: async () => (await placesOf(archive, 'A0')).message,
  deliveries: () => '/console/deliveries',
  delivery: async () => {
    const { items } = await getJson<{ items: { id: number }[] }>(archive, '/api/v1/deliveries')
    return `/console/deliveries/${items[0]?.id}`
  },
  accesses: () => '/console/accesses',
}

beforeAll(async () => {
  for (const [at, { objectName, content }] of examples.entries())
    await deliverMessage(archive, {
      msgUID: `A${at}`,
      objectName,
      content: JSON.stringify(content),
      fromUserId: at % 2 === 0 ? 'u1' : 'shop_a',
      toUserId: at % 2 === 0 ? 'shop_a' : 'u1',
      msgTimestamp: String(1_734_595_200_000 + at),
    })
  await deliver(archive, 'content=nothing')
})

/** In the system's two themes, and on a phone. */
async function expectAccessible(page: Page) {
  expect(await violations(page), 'in light').toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await violations(page), 'in dark').toEqual([])
  await page.setViewportSize({ width: 390, height: 800 })
  expect(await overhanging(page)).toEqual([])
}

describe('meets WCAG A and AA in light and dark and is no wider than a phone:', () => {
  it.each(Object.keys(PAGES))('%s', async (name) => {
    await expectAccessible(await visit((await PAGES[name]?.()) ?? ''))
  })

  it('sign-in', async () => {
    await expectAccessible(await visit('/console', { stranger: true }))
  })
})

/** What has the focus, once it is sure that one sees so. */
async function focused(page: Page): Promise<string> {
  const { outline, name } = await page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    return { outline: `${outlineStyle} ${outlineWidth}`, name: element.id || element.innerText.trim() }
  })
  expect(outline, name).toMatch(/^(solid|auto) [1-9]/)
  return name
}

async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  for (let times = 0; times < 40; times++) {
    await page.keyboard.press('Tab')
    if (wanted.test(await focused(page))) return
  }
  throw new Error(`no way to ${wanted} by the Tab key`)
}

describe('without a mouse', () => {
  it('one signs in, skips the head of a page, opens a conversation and a message’s history', async () => {
    const page = await visit('/console', { stranger: true })
    // Nobody has to look for the field.
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('password')
    await page.keyboard.type(CONSOLE_PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/console$/)

    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to content')
    expect(await page.getByRole('link', { name: 'Skip to content' }).boundingBox()).toMatchObject({ y: 8 })
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('appKey')

    await tabTo(page, /小融|u1/)
    await page.keyboard.press('Enter')
    await page.waitForURL(/conversations\/\d+/)
    await tabTo(page, /^History$/)
    await page.keyboard.press('Enter')
    await page.waitForURL(/messages\/\d+/)
  })
})
