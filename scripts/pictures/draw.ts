/** Thumbnails for the pictures' messages: drawn, so that nobody's photograph is needed. */
import type { Browser } from 'playwright-core'

/** For each text a JPEG in base64 that shows it. */
export async function draw(browser: Browser, texts: readonly string[]): Promise<(text: string) => string> {
  const page = await browser.newPage()
  const drawn = new Map<string, string>()
  for (const text of texts) drawn.set(text, await page.evaluate(drawOne, text))
  await page.close()
  return (text) => drawn.get(text) ?? ''
}

// In the browser.
function drawOne(text: string): string {
  const canvas = Object.assign(document.createElement('canvas'), { width: 240, height: 160 })
  const context = canvas.getContext('2d')
  if (!context) return ''
  const ground = context.createLinearGradient(0, 0, 240, 160)
  ground.addColorStop(0, '#f6e3c5')
  ground.addColorStop(1, '#c9a27e')
  context.fillStyle = ground
  context.fillRect(0, 0, 240, 160)
  context.font = '56px "Noto Color Emoji"'
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(text, 120, 88)
  return canvas.toDataURL('image/jpeg', 0.8).replace('data:image/jpeg;base64,', '')
}
