/** Bytes and texts that have broken programs before, and any others. */
import * as fc from 'fast-check'

const MARKS = Array.from('{}[]"\',:%&=+;?<>/!\\ \n\t\uFEFF\u0000')
const WORDS =
  `%E4 %00 %zz \\ud800 \\u0000 null true -1 0 1e999 NaN 9007199254740993 12345678901234567890 1734595240900 a 你
  🏔️ <a> </a> <![CDATA[ ]]> &# &#xD800; <!-- --> profiles userid __proto__ constructor toString fromUserId=a toUserId=b
  objectName=RC:TxtMsg channelType=PERSON channelType=GROUP content={} msgUID=m msgTimestamp=1 sensitiveType=9
  2024-12-19 2024-02-30T25:61 (NEAR * OR "unclosed -- ; DROP ../../etc/passwd javascript:alert(1) <script>`.split(
    /\s+/,
  )

export const pieces = fc.constantFrom(...MARKS, ...WORDS)

export const anyText = fc.oneof(
  pieces,
  fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer().map(String),
  fc.constant('x'.repeat(5000)),
  fc.constant('a' + '\u0301'.repeat(3000)),
  fc.constant('\u202egpj.\u2066exe\ud800'),
)

const encoder = new TextEncoder()

export const anyBytes: fc.Arbitrary<Uint8Array<ArrayBuffer>> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
  anyText.map((text) => encoder.encode(text)),
  fc.json({ stringUnit: 'binary' }).map((json) => encoder.encode(json)),
  fc.dictionary(anyText, anyText, { maxKeys: 8 }).map(formOf),
)

export function formOf(fields: Record<string, string>): Uint8Array<ArrayBuffer> {
  return encoder.encode(new URLSearchParams(fields).toString())
}

export const anyContentType = fc.constantFrom(
  'application/x-www-form-urlencoded',
  'application/json',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'text/xml; charset=gbk',
  'x',
)

/** An address from its pieces on, percent signs and all. */
export const anyPath = fc
  .array(fc.oneof(pieces, fc.webPath(), fc.string({ maxLength: 20 })), { maxLength: 5 })
  .map((parts) => parts.join('/').replaceAll(/[\s\p{Cc}\p{Cs}]/gu, ''))

export const anyHeaderValue = fc
  .oneof(pieces, fc.string({ maxLength: 30 }))
  .map((text) => text.replaceAll(/[^\u0021-\u007e]/g, ''))
