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

const KNOWN: ReadonlySet<string> = new Set(CHANNEL_TYPES)
const ONE_TO_ONE: ReadonlySet<string> = new Set(['PERSON', 'CUSTOMERSERVICE', 'NOTIFY', 'MC', 'MP'])

export function isKnownChannelType(channelType: string): boolean {
  return KNOWN.has(channelType)
}

/** True when both ends are users, so that a conversation is the unordered pair of them. */
export function isOneToOne(channelType: string): boolean {
  return ONE_TO_ONE.has(channelType)
}
