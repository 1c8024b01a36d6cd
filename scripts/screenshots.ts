/** `npm run screenshots`: takes the pictures of the console that are in docs/images. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { fillWeek, keepAside, openPicturedArchive, PASSWORD, say } from './pictures/archive.ts'
import { chats } from './pictures/chats.ts'
import { draw } from './pictures/draw.ts'

const IMAGES = fileURLToPath(new URL('../docs/images', import.meta.url))
const MESSAGES_OF_WEEK = 2500
const WIDTH = 1200

type Look = { language: 'en' | 'zh'; theme?: 'dark' | 'light'; phone?: true }
type Shot = { page: (page: Page) => Promise<unknown>; looks: readonly Look[]; height?: number }

const EN: Look = { language: 'en' }
const ZH: Look = { language: 'zh' }
const ZH_DARK: Look = { ...ZH, theme: 'dark' }
const EN_DARK: Look = { ...EN, theme: 'dark' }
const ZH_PHONE: Look = { ...ZH, phone: true }

const SHOTS: Readonly<Record<string, Shot>> = {
  conversations: { page: (page) => page.goto('/console'), looks: [ZH, EN, ZH_PHONE] },
  conversation: { page: openConversation, looks: [ZH, EN, ZH_DARK, ZH_PHONE] },
  search: { page: (page) => page.goto('/console/search?q=快递'), looks: [ZH, EN, ZH_PHONE] },
  overview: { page: openOverview, looks: [ZH, EN, EN_DARK, ZH_PHONE] },
  live: { page: openLive, looks: [ZH, EN] },
  message: { page: openMessage, looks: [ZH, EN], height: 560 },
}

async function openChatOf(page: Page, userId: string) {
  await page.goto(`/console?userId=${userId}`)
  await page.locator('.cards a').first().click()
  await page.locator('article').first().waitFor()
}

async function openConversation(page: Page) {
  await openChatOf(page, 'u1024')
  // From the picture on, below what stays at the top.
  await page
    .locator('.thumbnail')
    .first()
    .evaluate((picture) => {
      scrollTo(0, scrollY + picture.getBoundingClientRect().top - 150)
    })
}

async function openMessage(page: Page) {
  await openChatOf(page, 'u5120')
  const address = await page
    .locator('article', { has: page.locator('.versions') })
    .locator('a.history')
    .getAttribute('href')
  await page.goto(address ?? '')
}

async function openOverview(page: Page) {
  await page.goto('/console/overview')
  await page.locator('canvas').first().waitFor()
}

async function openLive(page: Page) {
  await page.goto('/console/live')
  await page.getByRole('status').filter({ hasText: /./ }).waitFor()
}

const browser = await launchChromium()
const archive = await openPicturedArchive()
try {
  await fillWeek(archive, MESSAGES_OF_WEEK)
  await keepAside(archive)
  await say(archive, chats(await draw(browser, ['🛋️💡', '🧥👶'])))
  for (const [name, shot] of Object.entries(SHOTS))
    for (const look of shot.looks) await shoot(name, shot, look)
} finally {
  await browser.close()
  await archive.close()
}

async function shoot(name: string, { page: open, height }: Shot, look: Look) {
  const context = await signedIn(browser, look)
  const page = await context.newPage()
  if (height !== undefined) await page.setViewportSize({ width: WIDTH, height })
  await open(page)
  // Nothing that moves or blinks.
  await page.evaluate(() => document.fonts.ready)
  const { language, theme, phone } = look
  const file = [name, language, theme, phone && 'phone', 'png'].filter(Boolean).join('.')
  await page.screenshot({ path: join(IMAGES, file), animations: 'disabled', caret: 'hide' })
  await context.close()
}

async function signedIn(
  within: Browser,
  { language, theme = 'light', phone }: Look,
): Promise<BrowserContext> {
  const context = await within.newContext({
    baseURL: archive.url,
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    colorScheme: theme,
    ...(phone
      ? { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }
      : { viewport: { width: WIDTH, height: 800 } }),
  })
  const page = await context.newPage()
  await page.goto('/console/sign-in')
  await page.locator('#password').fill(PASSWORD)
  await page.locator('.sign-in button').click()
  await page.locator('nav').first().waitFor()
  await page.close()
  return context
}
