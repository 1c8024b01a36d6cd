import { closeSync, constants, lstatSync, openSync, writeSync } from 'node:fs'
import { Failure } from './io.ts'

export type LazyFile = { write: (text: string) => void; end: () => void }

// Never what is there already, nor through a link that somebody put there meanwhile. Windows knows no O_NOFOLLOW.
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)

/**
 * A new file, for its owner alone, that is there only when something was written to it.
 * @param option names it otherwise @param head what it begins with
 * @throws Failure when there is something of that name: at once, so that nothing is begun in vain
 */
export function lazyFile(path: string, { option, head = '' }: { option: string; head?: string }): LazyFile {
  if (lstatSync(path, { throwIfNoEntry: false })) throw taken(path, option)
  let file: number | null = null
  return {
    write(text) {
      if (file === null) {
        file = openNew(path, option)
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

function openNew(path: string, option: string): number {
  try {
    return openSync(path, NEW, 0o600)
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? taken(path, option) : error
  }
}

function taken(path: string, option: string): Failure {
  return new Failure(
    `${path} is there already, and is not written to; move it away, or name another by ${option}`,
  )
}
