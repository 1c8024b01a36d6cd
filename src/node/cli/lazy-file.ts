import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs'
import { Failure, requireFile } from './io.ts'

export type LazyFile = { write: (text: string) => void; end: () => void }

/**
 * A file that is there only when something was written to it. One that is there already is added to.
 * @param begins how every one of them begins; `head` is what it begins with when it is new
 * @throws Failure when there is another file of that name
 */
export function lazyFile(path: string, { head = '', begins }: { head?: string; begins: string }): LazyFile {
  const isNew = sizeOfOurs(path, begins) === 0
  let file: number | null = null
  return {
    write(text) {
      if (file === null) {
        file = openSync(path, 'a', 0o600)
        if (isNew) writeSync(file, head)
      }
      writeSync(file, text)
    },
    end() {
      if (file !== null) closeSync(file)
      file = null
    },
  }
}

function sizeOfOurs(path: string, begins: string): number {
  if (!existsSync(path)) return 0
  requireFile(path)
  const file = openSync(path, 'r')
  const start = Buffer.alloc(Buffer.byteLength(begins))
  const read = readSync(file, start, 0, start.byteLength, 0)
  closeSync(file)
  if (read > 0 && start.toString('utf8', 0, read) !== begins)
    throw new Failure(`${path} is another file, and is not written to; name one by --ids or --rejects`)
  return read
}
