/** What a command has of the world: settings, the archive, and where to print. Handed in, so that it can be tested. */
import { existsSync, statSync } from 'node:fs'
import type { Store } from '../../archive/store.ts'
import { printableJson, printableLines } from '../../domain/printable.ts'
import { parseNodeConfig, type Config, type NodeConfig } from '../../config.ts'
import { configWith, findCredentials } from '../credentials.ts'
import { openSqliteStore } from '../sqlite-store.ts'
import { createBar, NO_PROGRESS, type Progress, type Unit } from './progress.ts'

export type Surroundings = {
  stdout: NodeJS.WritableStream
  stderr: NodeJS.WritableStream
  /** Whether somebody watches stderr. */
  isTerminal: boolean
  environment: NodeJS.ProcessEnv
  /** Aborted when the operator wants to stop: finish what is begun, say how to resume, and throw {@link Failure}. */
  signal: AbortSignal
  now: () => number
}

/** The options every command has. */
export type GlobalOptions = { json: boolean; quiet: boolean; database?: string }

export type Io = Surroundings &
  GlobalOptions & {
    /** @throws ConfigError */
    settings: () => Config & NodeConfig
    /** Closed when the command ends. @param create makes an archive where there is none; none is migrated */
    openStore: (options?: { create?: boolean }) => Store
    /** Stopped when the command ends. */
    progress: (title: string, total: number | null, unit?: Unit) => Progress
    /** The result: as one line of JSON with `--json`, else as text. */
    print: (result: unknown, text: string) => void
    /** A line for whoever watches; none with `--quiet`. */
    say: (text: string) => void
    end: () => Promise<void>
  }

/** It could not be done; the message says what happened, why, and what to do next. Exit code 1. */
export class Failure extends Error {
  override name = 'Failure'
}

/** @throws Failure naming it, unless it is a file */
export function requireFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new Failure(`there is no file ${path}`)
  if (!found.isFile()) throw new Failure(`${path} is no file`)
}

/** @param options filled in when the command line is parsed, which is after this is made */
export function createIo(surroundings: Surroundings, options: GlobalOptions): Io {
  const { stdout, stderr, isTerminal, environment } = surroundings
  const endings: (() => unknown)[] = []
  const isWatched = () => isTerminal && !options.json && !options.quiet
  const settings = () => {
    const given = { ...environment, ...(options.database && { DATABASE_PATH: options.database }) }
    return configWith(given, findCredentials(given, parseNodeConfig(given).databasePath))
  }
  return {
    ...surroundings,
    get json() {
      return options.json
    },
    get quiet() {
      return options.quiet
    },
    settings,
    openStore({ create = false } = {}) {
      const { databasePath } = settings()
      const isThere = existsSync(databasePath)
      if (!isThere && !create)
        throw new Failure(`there is no archive at ${databasePath}; name it with --database or DATABASE_PATH`)
      if (isThere) requireFile(databasePath)
      const store = openSqliteStore(databasePath, { readers: 1, migrates: !isThere })
      endings.push(store.close)
      return store
    },
    progress(title, total, unit = 'pieces') {
      const bar = isWatched() ? createBar(stderr, { title, total, unit }) : NO_PROGRESS
      endings.unshift(bar.stop)
      return bar
    },
    print: (result, text) =>
      void stdout.write(
        options.json ? `${printableJson(JSON.stringify(result))}\n` : `${printableLines(text)}\n`,
      ),
    say: (text) => void (options.quiet || stderr.write(`${printableLines(text)}\n`)),
    async end() {
      for (const ending of endings.splice(0)) await ending()
    },
  }
}
