import { closeSync, openSync, writeSync } from 'node:fs'

export type LazyFile = { write: (text: string) => void; end: () => void }

/** A file that is there only when something was written to it; it begins with `head`. */
export function lazyFile(path: string, head = ''): LazyFile {
  let file: number | null = null
  return {
    write(text) {
      if (file === null) {
        file = openSync(path, 'w', 0o600)
        writeSync(file, head)
      }
      writeSync(file, text)
    },
    end() {
      if (file !== null) closeSync(file)
      file = null
    },
  }
}
