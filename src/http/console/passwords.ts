/** Whose password opens the console. There is one account; operators with names of their own would be more of them. */
import { timingSafeEqual } from 'hono/utils/buffer'

export const OPERATOR = 'operator'

/**
 * Compares by hash and in constant time. A name that nobody has is compared with a password that nobody has, so that it takes as
 * long as a name that somebody has.
 */
export function createIsRight(
  passwordOf: ReadonlyMap<string, string>,
): (account: string, given: string) => Promise<boolean> {
  const nobodys = crypto.randomUUID()
  return async (account, given) => {
    const password = passwordOf.get(account)
    const isEqual = await timingSafeEqual(given, password ?? nobodys)
    return isEqual && password !== undefined
  }
}
