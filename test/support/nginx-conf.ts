/** Reads a configuration of nginx into its directives. */

export type Directive = { name: string; values: string[]; inside: Directive[] }

const TOKENS = /#[^\n]*|'[^']*'|"[^"]*"|[{};]|[^\s{};]+/g

export function readNginxConf(text: string): Directive[] {
  const tokens = [...text.matchAll(TOKENS)].map(([token]) => token).filter((token) => !token.startsWith('#'))
  const read = (): Directive[] => {
    const directives: Directive[] = []
    let words: string[] = []
    for (let token = tokens.shift(); token !== undefined && token !== '}'; token = tokens.shift()) {
      if (token !== ';' && token !== '{') {
        words.push(token.replace(/^(['"])(.*)\1$/, '$2'))
        continue
      }
      const [name = '', ...values] = words
      directives.push({ name, values, inside: token === '{' ? read() : [] })
      words = []
    }
    return directives
  }
  return read()
}

/** All of a name, in the order of the file. */
export function named(directives: readonly Directive[], name: string): Directive[] {
  return directives.filter((directive) => directive.name === name)
}

/** The values of all directives of a name, each as one text. */
export function valuesOf(directives: readonly Directive[], name: string): string[] {
  return named(directives, name).map(({ values }) => values.join(' '))
}
