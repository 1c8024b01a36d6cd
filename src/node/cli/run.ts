import { CommanderError } from 'commander'
import { ConfigError } from '../../config.ts'
import { printableLines } from '../../domain/printable.ts'
import { createIo, type GlobalOptions, type Surroundings } from './io.ts'
import { createProgram } from './program.ts'

const [DONE, FAILED, USAGE] = [0, 1, 2]

/** Runs one command and tells the exit code. */
export async function runCli(parameters: readonly string[], surroundings: Surroundings): Promise<number> {
  const options: GlobalOptions = { json: false, quiet: false }
  const io = createIo(surroundings, options)
  try {
    await createProgram(io, options).parseAsync(parameters, { from: 'user' })
    return DONE
  } catch (error) {
    // Commander has said itself what is wrong; also "--help" comes as an error, one with exit code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : USAGE
    await io.end()
    surroundings.stderr.write(`error: ${printableLines(reasonOf(error))}\n`)
    return error instanceof ConfigError ? USAGE : FAILED
  } finally {
    await io.end()
  }
}

const PLAIN: Record<string, (path: string) => string> = {
  ENOENT: (path) => `there is no ${path}, or no folder for it`,
  EACCES: (path) => `no permission for ${path}; run this as the user of the archive`,
  EISDIR: (path) => `${path} is a folder`,
  ENOSPC: (path) => `the disk of ${path} is full`,
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { message, cause } = error
  const why = 'code' in error && 'path' in error ? PLAIN[String(error.code)] : undefined
  if (why !== undefined) return why(String((error as NodeJS.ErrnoException).path))
  return cause instanceof Error && !message.includes(cause.message)
    ? `${message} (${cause.message})`
    : message
}
