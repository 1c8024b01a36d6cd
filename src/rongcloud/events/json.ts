// JSON with its source: elements are kept to the character, and ids of twenty digits must not become other ids.

/** Undefined when it is no JSON. A whole number that JavaScript would round is given as the text it was written in. */
export function readJson(text: string): unknown {
  try {
    // A reviver is slow and cannot nest deeply, so it is spared where no number is large.
    return /\d{16}/.test(text) ? JSON.parse(text, keepLargeNumbers) : JSON.parse(text)
  } catch {
    return undefined
  }
}

function keepLargeNumbers(_name: string, value: unknown, context?: { source?: string }): unknown {
  const isRounded = typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER
  return isRounded ? (context?.source ?? value) : value
}

/** The sources of an array's elements, or of an object's members (`"name": value`). Only of text known to be JSON. */
export function partsOf(json: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < json.length; i++) {
    const character = json.charAt(i)
    if (character === '"') i = endOfString(json, i)
    else if (isOneOf('[{', character) && ++depth === 1) start = i + 1
    else if ((character === ',' && depth === 1) || (isOneOf(']}', character) && --depth === 0)) {
      parts.push(json.slice(start, i).trim())
      start = i + 1
    }
  }
  // Only what stands between empty brackets is empty.
  return parts.filter((part) => part !== '')
}

function isOneOf(characters: string, character: string): boolean {
  return characters.includes(character)
}

function endOfString(json: string, start: number): number {
  let i = start + 1
  while (json[i] !== '"') i += json[i] === '\\' ? 2 : 1
  return i
}
