// The XML of the oldest callbacks: one root with flat members (protocol §4.13). No namespaces, no document types, and
// no entities but the five of XML itself and character numbers.

// Every alternative ends at the latest where the text ends, so that no text is looked at twice.
const TOKEN = /<!\[CDATA\[[^]*?(?:\]\]>|$)|<!--[^]*?(?:-->|$)|<[^>]*(?:>|$)|[^<]+/g

const TAG = /^<(\/?)([^\s<>/!?]+)(?=[\s/>])[^>]*?(\/?)>$/

type Reading = { open: string[]; text: string; members: Map<string, string>; roots: number }

/** The members of the root with their text; null when there is not one root or a tag is left open. */
export function readXml(text: string): Record<string, string> | null {
  const reading: Reading = { open: [], text: '', members: new Map(), roots: 0 }
  for (const [token] of text.matchAll(TOKEN)) {
    const [, closing, name, selfClosing] = TAG.exec(token) ?? []
    if (name === undefined) reading.text += textOf(token)
    else {
      if (!closing) enter(reading, name)
      if ((closing || selfClosing) && !leave(reading, name)) return null
    }
  }
  return reading.roots === 1 && reading.open.length === 0 ? Object.fromEntries(reading.members) : null
}

function enter(reading: Reading, name: string): void {
  if (reading.open.push(name) === 2) reading.text = ''
}

/** False when it is another tag that is open. */
function leave(reading: Reading, name: string): boolean {
  if (reading.open.length === 1) reading.roots++
  if (reading.open.length === 2) reading.members.set(name, reading.text)
  return reading.open.pop() === name
}

const CDATA = '<![CDATA['

function textOf(token: string): string {
  if (token.startsWith(CDATA)) return token.slice(CDATA.length).replace(/\]\]>$/, '')
  return token.startsWith('<') ? '' : token.replaceAll(/&(#x[\da-f]{1,6}|#\d{1,7}|\w{2,4});/gi, decodeEntity)
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

function decodeEntity(entity: string, name: string): string {
  if (!name.startsWith('#')) return ENTITIES.get(name) ?? entity
  const code = Number(name.replace('#', '').replace(/^x/i, '0x'))
  return code <= 0x10ffff ? String.fromCodePoint(code) : entity
}
