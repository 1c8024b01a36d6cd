import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { deliverMessage } from '../support/requests.ts'
import { useConsole } from './console.ts'

const { archive, visit } = useConsole()
const HOUR_MS = 3_600_000

beforeAll(async () => {
  for (let at = 0; at < 30; at++)
    await deliverMessage(archive, {
      msgUID: `O${at}`,
      objectName: at % 3 === 0 ? 'RC:InfoNtf' : 'RC:TxtMsg',
      content: at % 3 === 0 ? '{"message":"m"}' : '{"content":"c"}',
      msgTimestamp: String(Date.now() - at * HOUR_MS),
    })
})

/** How many colours the plot has, its ground not counted. */
function coloursDrawn(page: Page): Promise<number> {
  return page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
    const colours = new Set<string>()
    for (let at = 0; at < data.length; at += 4)
      if (data[at + 3] === 255) colours.add(data.slice(at, at + 3).join())
    return colours.size
  })
}

describe('the overview', () => {
  it('draws what its table says, again when the system turns dark', async () => {
    const page = await visit('/console/overview?range=7d')
    // The numbers follow behind the messages.
    await expect
      .poll(async () => (await page.reload()) && page.locator('canvas').count(), {
        timeout: 25_000,
        interval: 500,
      })
      .toBe(1)
    await expect.poll(() => coloursDrawn(page)).toBeGreaterThan(2)
    const canvas = await page.locator('canvas').elementHandle()
    await page.emulateMedia({ colorScheme: 'dark' })
    await canvas?.waitForElementState('hidden')
    await expect.poll(() => coloursDrawn(page)).toBeGreaterThan(2)
  })
})
