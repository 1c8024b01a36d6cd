import { describe, expect, it } from 'vitest'
import { contentDownload, voiceDownload } from '../../../src/http/console/messages/downloads.ts'

const voice = (content: unknown, objectName = 'RC:VcMsg') =>
  voiceDownload({ id: 7, objectName, content: JSON.stringify({ content }) })

describe('the voice of a message', () => {
  it.each(['IyFBTVIK', 'IyFB\r\nTVIK'])('is the file in its content: %j', (base64) => {
    const file = voice(base64)
    expect(file && new TextDecoder().decode(file.body as Uint8Array)).toBe('#!AMR\n')
    expect(file?.headers).toMatchObject({
      'Content-Type': 'audio/amr',
      'Content-Disposition': 'attachment; filename="voice-7.amr"',
      'X-Content-Type-Options': 'nosniff',
    })
  })

  it.each(['', ' ', '====', 'A', 'AA AA', 'AA-_', 'https://x/v.amr', 7, null, ['AAAA']])(
    'is not made of %j',
    (content) => {
      expect(voice(content)).toBeNull()
    },
  )

  it('is not taken from another type, nor from what is no JSON', () => {
    expect(voice('IyFBTVIK', 'RC:ImgMsg')).toBeNull()
    expect(voiceDownload({ id: 7, objectName: 'RC:VcMsg', content: 'IyFBTVIK' })).toBeNull()
  })
})

describe('the content of a message', () => {
  it('is handed out as it is, as a file that no browser runs', () => {
    const { body, headers } = contentDownload({ id: 7, content: '<script>alert(1)</script>' })
    expect(body).toBe('<script>alert(1)</script>')
    expect(headers).toMatchObject({
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Disposition': 'attachment; filename="message-7.txt"',
      'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    })
  })
})
