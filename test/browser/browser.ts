/** A real browser, one for each file of tests, that lets nothing pass that it should not have seen. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { launchChromium } from '../../scripts/chromium.ts'
import { CONSOLE_PASSWORD } from '../support/archive.ts'
import { watch, type Expected } from './watch.ts'

export type VisitOptions = {
  language?: 'en' | 'zh'
  theme?: 'light' | 'dark'
  width?: number
  /** Not signed in yet. */
  stranger?: boolean
  expected?: Expected
}

export type Visit = (url: string, options?: VisitOptions) => Promise<Page>

/** Each visit is a browser of its own: no cookie of another is known to it. */
export function useBrowser(): Visit {
  let browser: Browser
  const contexts: BrowserContext[] = []
  const complaints: string[] = []
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()))
    expect(complaints.splice(0)).toEqual([])
  })
  return async (url, options = {}) => {
    const { origin } = new URL(url)
    const context = await browser.newContext({ baseURL: origin, ...contextOptions(options) })
    contexts.push(context)
    context.setDefaultTimeout(15_000)
    const { expected = [], stranger = false } = options
    await watch(context, { origin, expected, note: (complaint) => complaints.push(complaint) })
    if (!stranger) await signIn(context, origin)
    const page = await context.newPage()
    await page.goto(url)
    return page
  }
}

function contextOptions({ language = 'en', theme = 'light', width = 1280 }: VisitOptions) {
  return {
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    colorScheme: theme,
    viewport: { width, height: 800 },
  }
}

async function signIn(context: BrowserContext, origin: string) {
  const answer = await context.request.post('/console/sign-in', {
    form: { password: CONSOLE_PASSWORD },
    headers: { Origin: origin },
    maxRedirects: 0,
  })
  expect(answer.status()).toBe(303)
}
