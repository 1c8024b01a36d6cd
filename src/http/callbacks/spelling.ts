/** Addresses as people type them into RongCloud's console. */

/**
 * The callback address that a path means: doubled and trailing slashes and letter case make no difference.
 * @returns the path itself when it does not look like a callback address
 */
export function callbackAddressOf(path: string): string {
  const [first, kind, ...others] = path
    .toLowerCase()
    .split('/')
    .filter((part) => part !== '')
  return first === 'callbacks' && kind !== undefined && others.length === 0 ? `/callbacks/${kind}` : path
}
