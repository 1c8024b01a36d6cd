/** What commands say of a database that was read through. */
import { STEPS, type Check } from '../backup/check.ts'
import { checkApart } from '../backup/check-apart.ts'
import { Failure, requireFile, type Io } from './io.ts'

/**
 * @param name what to call the file, when it is to have another
 * @throws Failure when it is damaged, of another program or of a newer version
 */
export async function usableOrThrow(io: Io, path: string, name = path): Promise<Check> {
  requireFile(path)
  const progress = io.progress('verifying', STEPS)
  const check = await checkApart(path, io.signal, () => progress.step())
  progress.stop()
  if (check.isUsable) return check
  if (io.json) io.print({ file: name, problems: check.problems, counts: {} }, '')
  throw new Failure(`${name} is not sound:\n${listed(check.problems)}`)
}

/** @throws Failure when there is something to mend */
export function printCheck(io: Io, file: string, { counts, problems, isOlder }: Check): void {
  const text = isOlder
    ? `${file} is undamaged: ${counts.messages} messages; of an older version, so what is derived was not compared`
    : `${file} is sound: ${counts.messages} messages`
  if (problems.length === 0 || io.json) io.print({ file, counts, problems }, text)
  if (problems.length > 0) throw new Failure(toMend(file, problems))
}

export function toMend(file: string, problems: readonly string[]): string {
  return `${file} is undamaged, and nothing is missing; archive rebuild mends what was derived wrongly:\n${listed(problems)}`
}

function listed(problems: readonly string[]): string {
  return problems.map((problem) => `  ${problem}`).join('\n')
}
