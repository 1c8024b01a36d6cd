/** What takes time by the square of its length takes minutes for a megabyte; a slow machine takes seconds for the rest. */
export const QUADRATIC_MS = 20_000
