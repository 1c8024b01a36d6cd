/** What the hourly history log tells of a message's fate, which no callback does (protocol §7.1). */
export type LogFlags = {
  isDiscard: boolean
  isSensitiveWord: boolean
  isForbidden: boolean
  isNotForward: boolean
}

export const LOG_FLAG_NAMES = ['isDiscard', 'isSensitiveWord', 'isForbidden', 'isNotForward'] as const

/** One bit for each, in the order of the names; the trigger `messages_undelivered` counts on it. */
export function toBits(flags: LogFlags): number {
  return LOG_FLAG_NAMES.reduce((bits, name, i) => bits + (flags[name] ? 1 << i : 0), 0)
}

export function fromBits(bits: number): LogFlags {
  const [isDiscard, isSensitiveWord, isForbidden, isNotForward] = LOG_FLAG_NAMES.map((_, i) =>
    Boolean(bits & (1 << i)),
  )
  return { isDiscard, isSensitiveWord, isForbidden, isNotForward } as LogFlags
}

/** RongCloud did not deliver it, so that only its sender knows of it (design §8). */
export function isUndelivered(bits: number | null): boolean {
  const { isDiscard, isForbidden } = fromBits(bits ?? 0)
  return isDiscard || isForbidden
}
