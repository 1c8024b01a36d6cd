/** RongCloud's kinds of conversation, in their words (protocol §2.3). Others may come and are archived too. */
export const CHANNEL_TYPES = [
  'PERSON',
  'PERSONS',
  'GROUP',
  'TEMPGROUP',
  'CUSTOMERSERVICE',
  'NOTIFY',
  'MC',
  'MP',
  'ULTRAGROUP',
] as const

/** The numbers that contents and other callbacks write for these words. There is no 9. */
const BY_NUMBER: ReadonlyMap<string, string> = new Map([
  ...CHANNEL_TYPES.slice(0, 8).map((channelType, i) => [String(i + 1), channelType] as const),
  ['10', 'ULTRAGROUP'] as const,
])

const KNOWN: ReadonlySet<string> = new Set(CHANNEL_TYPES)
const ONE_TO_ONE: ReadonlySet<string> = new Set(['PERSON', 'CUSTOMERSERVICE', 'NOTIFY', 'MC', 'MP'])

export function isKnownChannelType(channelType: string): boolean {
  return KNOWN.has(channelType)
}

/** The word for a `conversationType`, which is that word or its number, as number or text; null for any other. */
export function channelTypeOf(conversationType: number | string): string | null {
  const written = String(conversationType)
  return isKnownChannelType(written) ? written : (BY_NUMBER.get(written) ?? null)
}

/** True when both ends are users, so that a conversation is the unordered pair of them. */
export function isOneToOne(channelType: string): boolean {
  return ONE_TO_ONE.has(channelType)
}
