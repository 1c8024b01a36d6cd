// `multipart/form-data`, as a forwarder in PHP sends it that hands curl an array. The body tells its boundary itself in
// its first line, so that the content type need not be right, nor be there.

const OPENING = /^\r?\n?--([^\r\n]{1,200}?)[ \t]*(\r?\n)[\w-]+:/

export function isMultipart(text: string): boolean {
  return OPENING.test(text)
}

/** The fields, each value as it stands; null when a part is broken or the last one is cut off. */
export function readMultipart(text: string): [name: string, value: string][] | null {
  const [, boundary, lineEnd = ''] = OPENING.exec(text) ?? []
  if (boundary === undefined) return null
  const [, ...parts] = `${lineEnd}${text.trimStart()}`.split(`${lineEnd}--${boundary}`)
  const last = parts.pop()
  if (last === undefined || !last.startsWith('--')) return null
  const fields = parts.map((part) => readPart(part, lineEnd))
  return fields.includes(null) ? null : (fields as [string, string][])
}

function readPart(part: string, lineEnd: string): [name: string, value: string] | null {
  const bodyAt = part.indexOf(lineEnd + lineEnd)
  if (bodyAt < 0 || !/^[ \t]*\r?\n/.test(part)) return null
  const name = nameIn(part.slice(0, bodyAt))
  return name === null ? null : [name, part.slice(bodyAt + 2 * lineEnd.length)]
}

// The name stands in quotes, where a quote and a line end are written as %22, %0D and %0A, or bare.
function nameIn(head: string): string | null {
  const [, disposition = ''] = /^content-disposition:[ \t]*form-data[ \t]*;(.*)$/im.exec(head) ?? []
  const [, quoted, bare] = /(?:^|[\s;])name=(?:"([^"]*)"|([^\s;"]+))/i.exec(disposition) ?? []
  return quoted?.replaceAll(/%(?:22|0D|0A)/gi, decodeURIComponent) ?? bare ?? null
}
