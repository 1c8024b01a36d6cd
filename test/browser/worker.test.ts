import { describe, expect, it } from 'vitest'
import { CONSOLE_PASSWORD, SETTINGS } from '../support/archive.ts'
import { startDevWorker } from '../support/dev-worker.ts'
import { deliverMessage } from '../support/requests.ts'
import { useBrowser } from './browser.ts'
import { over } from './console.ts'

const visit = useBrowser()

describe('the console of a Worker', () => {
  it('is signed in to, browsed and searched', async () => {
    const url = await startDevWorker(SETTINGS)
    expect((await deliverMessage(over(() => url))).status).toBe(200)
    const page = await visit(`${url}/console`, { stranger: true, language: 'zh' })
    await page.getByLabel('密码').fill(CONSOLE_PASSWORD)
    await page.getByRole('button', { name: '登录' }).click()
    await page.locator('.cards a').click()
    await page.locator('article .text', { hasText: '你好' }).waitFor()
    await page.goto('/console/search')
    await page.getByRole('searchbox').fill('你好')
    await expect.poll(() => page.locator('#found mark').allTextContents()).toEqual(['你好'])
  }, 120_000)
})
