import { createServer } from 'node:http'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { launchChromium } from '../../scripts/chromium.ts'
import { watch } from './watch.ts'

const POLICY = "default-src 'none'; script-src 'nonce-ours'; connect-src *"
const OFFENCES = `<img src="/picture.png"><script>ran()</script><script nonce="ours">
  fetch('http://evil.example/asked').catch(() => {})
  console.warn('careful')
  alert('hello')
  throw new Error('broken')
</script>`

it('the watch of these tests sees every kind of offence', async () => {
  const server = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/html').setHeader('Content-Security-Policy', POLICY).end(OFFENCES)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const browser = await launchChromium()
  onTestFinished(async () => {
    await browser.close()
    server.close()
  })
  const { port } = server.address() as { port: number }
  const origin = `http://127.0.0.1:${port}`
  const context = await browser.newContext()
  const complaints: string[] = []
  await watch(context, { origin, expected: [], note: (complaint) => complaints.push(complaint) })
  const page = await context.newPage()
  await page.goto(origin)
  for (const offence of [
    `against the policy: img-src ${origin}/picture.png`,
    'against the policy: script-src-elem inline',
    'request to another host: GET http://evil.example/asked',
    'warning: careful',
    'dialog: hello',
    'error: broken',
  ])
    await expect.poll(() => complaints.join('\n')).toContain(offence)
})
