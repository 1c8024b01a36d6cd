export const EXIT_CODES = 'Exit codes: 0 done; 1 failed or stopped; 2 wrong usage or settings.'

/** Lines for the end of a command's `--help`. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ archive ${line}`).join('\n')}\n\n${EXIT_CODES}`
}
