import type { Log } from './ports.ts'
import { printableJson } from './printable.ts'

const LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LEVELS)[number]

/** Writes one JSON line for each event at or above `level`. */
export function createJsonLog(level: LogLevel, write: (line: string) => void): Log {
  const at =
    (own: LogLevel) =>
    (event: string, facts: Record<string, unknown> = {}) => {
      if (LEVELS.indexOf(own) < LEVELS.indexOf(level)) return
      write(printableJson(JSON.stringify({ time: new Date().toISOString(), level: own, event, ...facts })))
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
