import { describe, expect, it } from 'vitest'
import { parse } from 'parse5'
import { openConsole, signIn, type Operator } from './signed-in.ts'

const PAGES = [
  '/console',
  '/console/overview',
  '/console/deliveries',
  '/console/sign-in',
  '/console/accesses',
]
const FAILURES = [
  '/console/conversations/999',
  '/console/messages/x',
  '/console/accesses?cursor=broken',
  '/console/accesses?action=nonsense',
  '/console/nothing-here',
]

async function policyOf({ get }: Operator, path: string) {
  const { headers } = await get(path)
  return new Map(
    (headers.get('Content-Security-Policy') ?? '').split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ')
      return [name, sources.join(' ')] as const
    }),
  )
}

describe('every page', () => {
  it('runs, styles and loads nothing but files of our own', async () => {
    const operator = await openConsole()
    for (const path of [...PAGES, ...FAILURES]) {
      const policy = await policyOf(operator, path)
      expect([path, policy.get('default-src'), policy.get('script-src'), policy.get('style-src')]).toEqual([
        path,
        "'none'",
        "'self'",
        "'self'",
      ])
      expect(policy.get('frame-ancestors')).toBe("'none'")
      // A voice is asked for by whoever plays it; nothing else is.
      expect(policy.get('media-src')).toBe('http: https:')
      policy.delete('media-src')
      expect([...policy.values()].join(' ')).not.toMatch(/unsafe|\*|https?:/)
      const { headers } = await operator.get(path)
      expect(headers.get('Cache-Control')).toBe('no-store')
      expect(headers.get('Referrer-Policy')).toBe('same-origin')
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
      const text = await (await operator.get(path)).text()
      expect(text).not.toMatch(
        /<script(?! src="\/)|\sstyle=|<style|\son\w+=|(?:src|href|action)="(?:https?:|\/\/)/i,
      )
    }
  })

  it('has a title, one heading, one main part, and a way past the navigation', async () => {
    const { get } = await openConsole()
    for (const path of [...PAGES, ...FAILURES]) {
      const text = await (await get(path)).text()
      const problems: string[] = []
      parse(text, { onParseError: ({ code }) => problems.push(code) })
      expect([path, problems]).toEqual([path, []])
      expect([path, text.match(/<h1>/g)?.length, text.match(/<main /g)?.length]).toEqual([path, 1, 1])
      expect(text).toMatch(/<title>[^<]+ · RongCloud archive<\/title>/)
      expect(text).toContain('<a class="skip" href="#main">')
    }
  })

  it('says where one is', async () => {
    const { page } = await openConsole()
    expect(await page('/console/accesses')).toContain('<a href="/console/accesses" aria-current="true">')
  })

  it('is a page also where there is nothing, or another method is meant', async () => {
    const { get, submit } = await openConsole()
    const missing = await get('/console/nothing-here')
    expect([missing.status, missing.headers.get('Content-Type')]).toEqual([404, 'text/html; charset=UTF-8'])
    const wrong = await submit('/console/messages/1', {})
    expect([wrong.status, wrong.headers.get('Content-Type')]).toEqual([405, 'text/html; charset=UTF-8'])
    expect((await get('/api/v1/nothing-here')).headers.get('Content-Type')).toMatch(/json/)
  })

  it('answers wrong parameters with a page that names them', async () => {
    const { get } = await openConsole()
    const answer = await get('/console/accesses?cursor=broken')
    expect([answer.status, (await answer.text()).includes('cursor is malformed')]).toEqual([422, true])
  })
})

describe('the language', () => {
  it('is the browser’s, until it is chosen', async () => {
    const { get } = await openConsole()
    const asked = async (path: string, headers: Record<string, string>) => {
      const answer = await get(path, headers)
      return [/<html lang="([^"]+)"/.exec(await answer.text())?.[1], answer.headers.get('Set-Cookie')]
    }
    expect(await asked('/console/sign-in', { 'Accept-Language': 'zh-TW,zh;q=0.9' })).toEqual(['zh-CN', null])
    expect(await asked('/console/sign-in', { 'Accept-Language': 'fr' })).toEqual(['en', null])
    const [language, cookie] = await asked('/console/sign-in?lang=zh', { 'Accept-Language': 'en' })
    expect(language).toBe('zh-CN')
    expect(cookie).toMatch(/^console_language=zh; Max-Age=\d+; Path=\/console; HttpOnly; SameSite=Strict$/)
    const chosen = { 'Accept-Language': 'en', Cookie: 'console_language=zh' }
    expect((await asked('/console/sign-in', chosen))[0]).toBe('zh-CN')
    expect((await asked('/console/sign-in?lang=xx', { 'Accept-Language': 'en' }))[0]).toBe('en')
  })

  it('can be switched on every page, and one stays there', async () => {
    const { page, archive } = await openConsole()
    expect(await page('/console/accesses?action=sign_in')).toContain(
      'href="/console/accesses?action=sign_in&amp;lang=zh"',
    )
    const wrong = await (await signIn(archive, 'wrong', { next: '/console/accesses' })).text()
    expect(wrong).toContain('href="/console/sign-in?next=%2Fconsole%2Faccesses&amp;lang=en"')
  })
})

describe('the files of the console', () => {
  it('are a style sheet that loads nothing', async () => {
    const { get } = await openConsole()
    const answer = await get('/console/assets/console.css')
    expect(answer.headers.get('Content-Type')).toBe('text/css; charset=utf-8')
    expect(await answer.text()).not.toMatch(/url\(|@import|https?:/)
  })

  it.each(['nothing.css', '..%2Fapp.ts', 'constructor'])('do not have %s', async (file) => {
    const { get } = await openConsole()
    expect((await get(`/console/assets/${file}`)).status).toBe(404)
  })
})
