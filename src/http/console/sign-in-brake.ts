/** How fast passwords can be tried. */
import { networksOf, type Brake, type Bucket, type Turn } from '../brake.ts'

/** A try waits at most so long for its turn; one whose turn would be later is sent away. */
export const LONGEST_WAIT_MS = 3000

// People mistype a password.
const OF_BROWSER = { atOnce: 5, everyMs: 30_000 }
const OF_NETWORK = { atOnce: 5, everyMs: 3000 }
const OF_WIDE_NETWORK = { atOnce: 20, everyMs: 1000 }
// From however many networks these are 86,400 guesses a day at a password of 12 characters or more.
const OF_ACCOUNT = { atOnce: 50, everyMs: 1000 }
const OF_ALL = { atOnce: 200, everyMs: 250 }
// Four addresses could use up all that an account has. These tries are kept for networks that make few: it takes a thousand
// networks to hold up operators who are elsewhere, and an attacker with so many gets twice as many guesses.
const OF_SELDOM_NETWORK = { atOnce: 3, everyMs: 1_200_000 }
const OF_ALL_SELDOM_NETWORKS = { atOnce: 1000, everyMs: 1000 }

/**
 * What a try may count in: in all buckets of one list, the first that gives it a turn. A known browser has a bucket of its own, so
 * that it and all others do not hold each other up.
 */
export function triesOf(
  account: string,
  { browser, address }: { browser: string | null; address: string | null },
): readonly Bucket[][] {
  if (browser !== null) return [[[`browser ${browser}`, OF_BROWSER]]]
  const { own, wide } = networksOf(address)
  const networks: Bucket[] = [
    [`network ${own}`, OF_NETWORK],
    [`wide network ${wide}`, OF_WIDE_NETWORK],
  ]
  return [
    [...networks, [`account ${account}`, OF_ACCOUNT], ['all', OF_ALL]],
    [
      ...networks,
      [`seldom network ${wide}`, OF_SELDOM_NETWORK],
      ['all seldom networks', OF_ALL_SELDOM_NETWORKS],
    ],
  ]
}

/** @returns the turn, and the buckets that it was taken from */
export function takeTurn(
  { take }: Pick<Brake, 'take'>,
  [tries = [], ...others]: readonly Bucket[][],
): Turn & { tries: readonly Bucket[] } {
  const turn = take(tries)
  if (turn.isGiven || others.length === 0) return { ...turn, tries }
  const other = takeTurn({ take }, others)
  return other.isGiven ? other : { ...other, waitMs: Math.min(turn.waitMs, other.waitMs) }
}
