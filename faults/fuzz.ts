/** Whatever anybody sends, to any address. */
import { join } from 'node:path'
import { runScript } from '../bench/processes.ts'
import type { Fuzzed } from './fuzz-run.ts'
import { atLeast, isSo, type Trial } from './trial.ts'

const CASES = { full: 1_000_000, short: 30_000, test: 20_000 }
const PROCESSES = 2

export const fuzz: Trial = {
  name: 'fuzz',
  title: 'Whatever anybody sends',
  promise: [
    'Any bytes to any callback address, and any path, parameters, headers and body to any other, with an API key of any scope, a',
    'member’s token, a console’s session or none: **never a 5xx, never a crash**; what is signed is answered 200 and found again, as a',
    'message, as an event or kept aside.',
  ].join('\n'),
  run: async ({ folder, size, seed }) => {
    const share = CASES[size] / PROCESSES
    const runs = await Promise.all(
      Array.from({ length: PROCESSES }, (_, i) =>
        runScript<Fuzzed>('../faults/fuzz-run.ts', [
          join(folder, `${i}.db`),
          String(share),
          String(seed + i),
        ]),
      ),
    )
    const count = (kind: RegExp) =>
      runs
        .flatMap(({ answers }) => Object.entries(answers))
        .reduce((sum, [status, answered]) => sum + (kind.test(status) ? answered : 0), 0)
    return [
      atLeast('requests sent', count(/./), CASES[size]),
      atLeast('answered 2xx', count(/2xx/), CASES[size] / 4),
      atLeast('answered 4xx', count(/4xx/), CASES[size] / 10),
      isSo('answered 5xx', count(/5xx/), 0),
      isSo(
        'signed and not kept, or otherwise wrong',
        runs.flatMap(({ broken }) => broken ?? []).join('; ') || 'none',
        'none',
      ),
      isSo('not ready afterwards', runs.filter(({ readyAfterwards }) => readyAfterwards !== 200).length, 0),
    ]
  },
}
