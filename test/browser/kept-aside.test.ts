import { describe, expect, it } from 'vitest'
import { deliver, deliverMessage } from '../support/requests.ts'
import { placesOf, useConsole } from './console.ts'

const { archive, visit, alter } = useConsole()

describe('what became of a message', () => {
  it('is on its page: as it was, as it is, what changed it, and what RongCloud sent', async () => {
    await deliverMessage(archive, { msgUID: 'OLD', content: '{"content":"原价 139"}' })
    await deliverMessage(archive, {
      msgUID: 'RECALL',
      objectName: 'RC:RcCmd',
      msgTimestamp: '1734595260123',
      content: JSON.stringify({ messageUId: 'OLD', conversationType: 1, sentTime: 1_734_595_200_123 }),
    })
    const { conversation, id } = await placesOf(archive, 'OLD')
    const page = await visit(conversation)
    const message = page.locator(`#message-${id}`)
    expect(await message.locator('.mark').first().textContent()).toContain('recalled by')
    await message.getByText('As received', { exact: true }).click()
    expect(await message.locator('.received code').first().isVisible()).toBe(true)
    await page.goto(`/console/messages/${id}`)
    const history = page.getByRole('region', { name: 'What happened to it' })
    expect(await history.locator('li').first().textContent()).toContain('recalled')
    await page.getByRole('link', { name: 'In its conversation' }).click()
    await page.waitForURL(new RegExp(`message=${id}#message-${id}$`))
  })
})

describe('a callback kept aside', () => {
  it('is shown whole, tried first and then replayed', async () => {
    await deliver(archive, 'objectName=RC%3ATxtMsg&content=%E6%BC%8F')
    const page = await visit('/console')
    await page.getByRole('link', { name: 'Kept aside' }).click()
    await page
      .getByRole('link', { name: /^Kept-aside callback/ })
      .first()
      .click()
    expect(await page.locator('pre.body').textContent()).toContain('objectName=RC%3ATxtMsg')
    await page.getByRole('button', { name: 'See what a replay would do' }).click()
    expect(await page.getByRole('status').textContent()).toContain('still cannot be read')
    await page.getByRole('button', { name: 'Replay it' }).click()
    await page.waitForURL(/deliveries\/\d+$/)
    const lastReplay = page.locator('dt', { hasText: 'Last replay' }).locator('+ dd')
    expect(await lastReplay.textContent()).toMatch(/^\s*still cannot be read, \d{4}-/)
  })

  it('gets in by a replay once what kept it out is mended', async () => {
    alter(`CREATE TRIGGER broken BEFORE INSERT ON messages WHEN new.msg_uid = 'HELD'
      BEGIN SELECT raise(ABORT, 'out of order'); END`)
    await deliverMessage(archive, { msgUID: 'HELD', content: '{"content":"等了很久"}' })
    alter('DROP TRIGGER broken')
    const page = await visit('/console/overview')
    await page.getByRole('link', { name: '1 the archive failed to take it' }).click()
    await page.getByRole('link', { name: /^Kept-aside callback/ }).click()
    await page.getByRole('button', { name: 'See what a replay would do' }).click()
    await page.getByRole('status').filter({ hasText: 'A replay would say: archived' }).waitFor()
    await page.getByRole('button', { name: 'Replay it' }).click()
    await page.getByText('archived, ').waitFor()
    await page.goto((await placesOf(archive, 'HELD')).conversation)
    expect(await page.locator('article .content').allTextContents()).toContainEqual(
      expect.stringContaining('等了很久'),
    )
    await page.goto('/console/deliveries?reason=failed&replayed=false')
    await page.getByText('There is nothing here.').waitFor()
  })
})
