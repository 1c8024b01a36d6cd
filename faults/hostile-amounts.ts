/** How large hostile contents are, and how many of each there are. */
import type { Largest } from './hostile-contents.ts'
import { TEXT_NAMES } from './hostile-texts.ts'
import type { Size } from './trial.ts'

export type Amounts = Largest & {
  /** Bytes of the words of a message that nearly fills a body of 1 MiB. */
  wholeBytes: number
  /** How many texts each type comes with. */
  textsOfEach: number
  /** Messages with one and the same text, so many that a search has to go through megabytes. */
  crowd: number
  /** Edits of one message, and packets of another. */
  changes: number
  /** Callbacks of each kind that are kept aside. */
  keptAside: number
}

export const AMOUNTS: Record<Size, Amounts> = {
  full: {
    bytes: 120_000,
    elements: 10_000,
    wholeBytes: 950_000,
    textsOfEach: TEXT_NAMES.length,
    crowd: 200,
    changes: 10_000,
    keptAside: 30,
  },
  short: {
    bytes: 120_000,
    elements: 10_000,
    wholeBytes: 950_000,
    textsOfEach: 1,
    crowd: 60,
    changes: 1000,
    keptAside: 10,
  },
  test: {
    bytes: 3000,
    elements: 300,
    wholeBytes: 30_000,
    textsOfEach: 1,
    crowd: 3,
    changes: 50,
    keptAside: 3,
  },
}
