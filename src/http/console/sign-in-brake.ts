/** How fast passwords can be tried. */
import { networksOf, type Bucket } from '../brake.ts'

/** A try waits at most so long for its turn; one whose turn would be later is sent away. */
export const LONGEST_WAIT_MS = 3000

// People mistype a password.
const OF_BROWSER = { atOnce: 5, everyMs: 30_000 }
const OF_NETWORK = { atOnce: 5, everyMs: 3000 }
const OF_WIDE_NETWORK = { atOnce: 20, everyMs: 1000 }
// An attacker with any number of networks gets 86,400 guesses a day at a password of 12 characters or more.
const OF_ACCOUNT = { atOnce: 50, everyMs: 1000 }
const OF_ALL = { atOnce: 200, everyMs: 250 }

/** The buckets that a try counts in. A known browser has one of its own, so that it and all others do not hold each other up. */
export function triesOf(
  account: string,
  { browser, address }: { browser: string | null; address: string | null },
): Bucket[] {
  if (browser !== null) return [[`browser ${browser}`, OF_BROWSER]]
  const { own, wide } = networksOf(address)
  return [
    [`account ${account}`, OF_ACCOUNT],
    [`network ${own}`, OF_NETWORK],
    [`wide network ${wide}`, OF_WIDE_NETWORK],
    ['all', OF_ALL],
  ]
}
