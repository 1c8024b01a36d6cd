/**
 * Long work on texts goes in steps, between which others have their turn: callbacks on a Worker, searches and the index
 * among each other on Node. Counted in characters, for a Worker's clock stands still while it works.
 */

// Some 10 ms.
const STEP_LENGTH = 20_000

// Node's own, which a Worker has too. A timer would add a millisecond to each step.
export const { setImmediate } = globalThis as unknown as { setImmediate: (then: () => void) => void }

/** Ends a step when so much has been done. */
export type Pause = (length: number) => Promise<void>

export function createPauses(): Pause {
  let done = 0
  return async (length) => {
    done += length
    if (done < STEP_LENGTH) return
    done = 0
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}
