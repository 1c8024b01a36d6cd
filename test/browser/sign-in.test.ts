import { describe, expect, it } from 'vitest'
import { CONSOLE_PASSWORD } from '../support/archive.ts'
import { deliverMessage } from '../support/requests.ts'
import { placesOf, useConsole } from './console.ts'

const { archive, visit } = useConsole()

describe('signing in', () => {
  it('takes the password alone, leads on to what was asked for, and ends when one signs out', async () => {
    await deliverMessage(archive)
    const { context } = await placesOf(archive, '6A1F-Q2PK-8CF0-01AB')
    const [address = '', hash = ''] = context.split('#')
    const page = await visit(address, { stranger: true, expected: [/status of 401/] })
    expect(await page.title()).toBe('Sign in · RongCloud archive')
    await page.getByLabel('Password').fill('sesame')
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect(await page.getByRole('alert').textContent()).toBe('This is not the password.')

    await page.getByLabel('Password').fill(CONSOLE_PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator(`#${hash} .text`, { hasText: '你好' }).waitFor()
    expect(new URL(page.url()).href).toContain(address)

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Password').waitFor()
    await page.goBack()
    await page.getByLabel('Password').waitFor()
    expect(await page.getByText('你好').count()).toBe(0)
  })

  it('keeps its cookies from scripts', async () => {
    const page = await visit('/console')
    expect(await page.evaluate(() => document.cookie)).toBe('')
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/console' })
  })
})
