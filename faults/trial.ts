/** What one promise is put to, and what came of it. */

/** How much of it: figures of the full run, of the short one, or of a test. */
export type Size = 'full' | 'short' | 'test'

export type Circumstances = {
  size: Size
  seed: number
  /** An empty folder of the trial's own. */
  folder: string
}

/** `not tried`: this system or user cannot. */
export type Verdict = 'kept' | 'not kept' | 'not tried'

export type Finding = {
  what: string
  found: string
  wanted: string
  verdict: Verdict
  /** Depends on how busy the machine is: shown, but no test of `npm test`. */
  isTimed?: boolean
}

export type Trial = {
  name: string
  title: string
  /** In Markdown. */
  promise: string
  run: (circumstances: Circumstances) => Promise<Finding[]>
}

/** @param unit one of time makes it a finding that is timed */
export function atMost(what: string, found: number, most: number, unit = ''): Finding {
  const shown = (value: number) => `${value.toLocaleString('en', { maximumFractionDigits: 1 })}${unit}`
  return {
    what,
    found: shown(found),
    wanted: most === 0 ? '0' : `at most ${shown(most)}`,
    verdict: verdictOf(found <= most),
    isTimed: unit === ' ms',
  }
}

export function atLeast(what: string, found: number, least: number): Finding {
  const [shown, wanted] = [found, least].map((value) => value.toLocaleString('en')) as [string, string]
  return { what, found: shown, wanted: `at least ${wanted}`, verdict: verdictOf(found >= least) }
}

export function isSo(what: string, found: string | number | null, wanted: string | number): Finding {
  return { what, found: String(found), wanted: String(wanted), verdict: verdictOf(found === wanted) }
}

export function notTried(what: string): Finding {
  return { what, found: 'this system or user cannot', wanted: 'tried', verdict: 'not tried' }
}

export function verdictOf(isKept: boolean): Verdict {
  return isKept ? 'kept' : 'not kept'
}

/** Of a finding that hangs on how busy the machine is. */
export function timed(finding: Finding): Finding {
  return { ...finding, isTimed: true }
}

/** The findings of one part of a trial, named after it. */
export function under(part: string, findings: readonly Finding[]): Finding[] {
  return findings.map(({ what, ...rest }) => Object.assign(rest, { what: `${part}: ${what}` }))
}
