import { beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { deliverMessage, getJson } from '../support/requests.ts'
import { examples } from '../http/console/examples.ts'
import { misplaced, overhanging } from './geometry.ts'
import { placesOf, useConsole } from './console.ts'

const { archive, visit } = useConsole()
const SENT_MS = Date.parse('2024-12-19T08:00:00Z')
const MINUTE_MS = 60_000

const OWN = { objectName: 'app:Order', content: { orderId: '20241219001', items: [{ sku: 'L' }] } }
const ALL = [...examples, OWN]

const uidOf = (objectName: string) => `T-${objectName.replace(':', '-')}`

let conversation = ''
const idOf = new Map<string, number>()

beforeAll(async () => {
  for (const [at, { objectName, content }] of ALL.entries()) {
    const answer = await deliverMessage(archive, {
      msgUID: uidOf(objectName),
      channelType: 'GROUP',
      toUserId: 'g1',
      groupUserIds: '[]',
      objectName,
      content: JSON.stringify(content),
      msgTimestamp: String(SENT_MS + at * MINUTE_MS),
    })
    expect(answer.status).toBe(200)
  }
  type Item = { id: number; objectName: string }
  const { items } = await getJson<{ items: Item[] }>(archive, '/api/v1/messages?limit=500')
  for (const { id, objectName } of items) idOf.set(objectName, id)
  ;({ conversation } = await placesOf(archive, uidOf('RC:TxtMsg')))
})

/** What each says, by its object name; the oldest fifty are on one page and the newest on another. */
async function readIn(page: Page): Promise<Map<string, string>> {
  const said = new Map<string, string>()
  for (const address of [`${conversation}?date=2024-12-19`, conversation]) {
    await page.goto(address)
    const texts = await page
      .locator('article.message')
      .evaluateAll((all) =>
        all.map((each) => [each.id, each.querySelector<HTMLElement>('.content')?.innerText ?? ''] as const),
      )
    const byId = new Map(texts)
    for (const { objectName } of ALL) {
      const text = byId.get(`message-${idOf.get(objectName)}`)
      if (text !== undefined) said.set(objectName, text)
    }
    expect(await misplaced(page)).toEqual([])
    expect(await overhanging(page)).toEqual([])
  }
  return said
}

const SAYS: Record<string, RegExp> = {
  'RC:TxtMsg': /你好 👋/,
  'RC:VcMsg': /3/,
  'RC:HQVCMsg': /7/,
  'RC:FileMsg': /报价\.xlsx[^]*17\.8/,
  'RC:SightMsg': /v\.mp4/,
  'RC:LBSMsg': /北京市东城区[^]*39\.9139/,
  'RC:ImgTextMsg': /Title[^]*Summary/,
  'RC:ReferenceMsg': /orig[^]*re/,
  'RC:CombineMsg': /A: hi/,
  'RC:CombineV2Msg': /hi/,
  'RC:CardMsg': /王五/,
  'RC:StkMsg': /开心/,
  'RC:GrpNtf': /新群名/,
  'RC:InfoNtf': /你已添加了对方为好友/,
  'RC:CsEva': /很好/,
  'app:Order': /app:Order/,
}

describe('a conversation with a message of every type', () => {
  it.each(['en', 'zh'] as const)('shows each as what it is (%s)', async (language) => {
    const said = await readIn(await visit('/console', { language }))
    expect([...said.keys()].toSorted()).toEqual(ALL.map(({ objectName }) => objectName).toSorted())
    for (const [objectName, text] of said) {
      expect(text.trim(), objectName).not.toBe('')
      if (objectName in SAYS) expect(text).toMatch(SAYS[objectName] ?? '')
    }
  })

  it('fits a phone', async () => {
    await readIn(await visit('/console', { width: 390 }))
  })

  it('shows a picture from its thumbnail, the whole one behind a link', async () => {
    const page = await visit('/console')
    const jpeg = await page.evaluate(() => {
      const canvas = document.createElement('canvas')
      return canvas.toDataURL('image/jpeg').replace('data:image/jpeg;base64,', '')
    })
    const imageUri = 'https://files.example.com/a.jpg'
    await deliverMessage(archive, {
      msgUID: 'PICTURE',
      objectName: 'RC:ImgMsg',
      content: JSON.stringify({ content: jpeg, imageUri }),
    })
    const { context, id } = await placesOf(archive, 'PICTURE')
    await page.goto(context)
    const picture = page.locator(`#message-${id} img`)
    await expect.poll(() => picture.evaluate((each: HTMLImageElement) => each.naturalWidth)).toBe(300)
    const link = page.locator(`#message-${id} .content a`)
    expect(await link.getAttribute('href')).toBe(imageUri)
    expect(await link.getAttribute('rel')).toContain('noreferrer')
  })

  it('lets a voice be heard elsewhere: as a file', async () => {
    const voice = Buffer.from('#!AMR\n\u0004noise').toString('base64')
    await deliverMessage(archive, {
      msgUID: 'VOICE',
      objectName: 'RC:VcMsg',
      content: JSON.stringify({ content: voice, duration: 3 }),
    })
    const { context, id } = await placesOf(archive, 'VOICE')
    const page = await visit(context)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator(`#message-${id} .content a`).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/\.amr$/)
  })
})
