import { beforeAll, describe, expect, it } from 'vitest'
import { deliverMessage } from '../support/requests.ts'
import { placesOf, useConsole } from './console.ts'

const { archive, visit } = useConsole()

const SAID = ['请问快递到哪里了', '发的哪家快递', '还没有发货', '订单号 2024 已发货', 'Where is my Parcel?']

beforeAll(async () => {
  for (const [at, content] of SAID.entries())
    await deliverMessage(archive, {
      msgUID: `F${at}`,
      content: JSON.stringify({ content }),
      msgTimestamp: String(1_734_595_200_000 + at * 60_000),
    })
})

describe('search', () => {
  it('shows what holds a word of two characters while one types, marked, and the address keeps it', async () => {
    const page = await visit('/console/search')
    await page.getByRole('searchbox').pressSequentially('快递')
    const found = page.locator('#found .cards > li')
    await expect.poll(() => found.count(), { timeout: 10_000 }).toBe(2)
    expect(await page.locator('#found mark').allTextContents()).toEqual(['快递', '快递'])
    await page.waitForURL(/[?&]q=%E5%BF%AB%E9%80%92/)
    await page.getByRole('searchbox').fill('发货')
    await expect.poll(() => page.locator('#found mark').allTextContents()).toEqual(['发货', '发货'])
    await page.reload()
    expect(await page.getByRole('searchbox').inputValue()).toBe('发货')
    expect(await found.count()).toBe(2)
  })

  it('leads to the message among those around it, and back to what was found', async () => {
    const { id } = await placesOf(archive, 'F1')
    const page = await visit('/console/search?q=哪家')
    await page.locator('#found .head a').click()
    await page.waitForURL(new RegExp(`message=${id}#message-${id}$`))
    expect(await page.locator(`#message-${id} .content`).textContent()).toContain('发的哪家快递')
    await page.goBack()
    await expect.poll(() => page.locator('#found mark').allTextContents()).toEqual(['哪家'])
  })

  it('says so when there is nothing, and what is wrong beside its field', async () => {
    const page = await visit('/console/search', { expected: [/status of 422/] })
    await page.getByRole('searchbox').fill('没有的词')
    await page.locator('#tally', { hasText: 'Nothing' }).waitFor()
    await page.getByLabel('Member').fill('nobody')
    await page.locator('#memberId-wrong').filter({ hasText: /./ }).waitFor()
  })
})
