import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { examples } from '../http/console/examples.ts'
import { TRICKS } from '../http/console/hostile.ts'
import { KEYS } from '../support/archive.ts'
import { deliverMessage, get } from '../support/requests.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { misplaced, overhanging } from './geometry.ts'
import { useConsole } from './console.ts'

const { archive, visit } = useConsole()
const hostile = Object.values(TRICKS).map((trick) => ({
  objectName: 'RC:TxtMsg',
  content: { content: trick },
}))

it('a conversation saved as a page is whole, asks nobody, and runs nothing', async () => {
  const all = [...examples, ...hostile]
  for (const [at, { objectName, content }] of all.entries()) {
    const answer = await deliverMessage(archive, {
      msgUID: `E-${at}`,
      channelType: 'GROUP',
      toUserId: 'g1',
      groupUserIds: '[]',
      objectName,
      content: JSON.stringify(content),
      msgTimestamp: String(Date.parse('2024-12-19T08:00:00Z') + at * 60_000),
    })
    expect(answer.status).toBe(200)
  }
  const exported = await get(archive, '/api/v1/export?format=html&conversationId=1', KEYS.read)
  const file = join(temporaryFolder(onTestFinished), 'chat.html')
  writeFileSync(file, await exported.text())
  for (const width of [1280, 390]) {
    const page = await visit(String(pathToFileURL(file)), { stranger: true, width })
    expect(await page.locator('main > section.chat article.message').count()).toBe(all.length)
    expect(await page.locator('main > footer').innerText()).toContain(String(all.length))
    expect(await misplaced(page)).toEqual([])
    expect(await overhanging(page)).toEqual([])
  }
})
