/** For whom a page is made: their language, and the archive's time zone. Made once for a page. */
import { createTimeWriter } from '../time.ts'
import { wordsOf, type Language, type Words } from './words.ts'

export type View = {
  readonly words: Words
  readonly timeZone: string
  /** Any number, for content may hold any: the time, or the number itself where there is no such time. */
  readonly writeTime: (ms: number) => string
  /** The name of a user, or the id itself where no name is known. */
  readonly userName: (userId: string) => string
  /** Characters of one text: where there are more, it is said and, where that can be, led to. */
  readonly longestText: number
}

/** Among other messages. */
const LONGEST_IN_LIST = 10_000
/** On a page of its own. */
export const LONGEST_ALONE = 100_000

// The first and last moment that a Date can be.
const FARTHEST_MS = 8.64e15

export function createView(language: Language, timeZone: string): View {
  const write = createTimeWriter(timeZone)
  return {
    words: wordsOf(language),
    timeZone,
    writeTime: (ms) => (isTime(ms) ? write(ms) : String(ms)),
    userName: (userId) => userId,
    longestText: LONGEST_IN_LIST,
  }
}

/** @param names of users of one app, by id */
export function withNames<V extends View>(view: V, names: ReadonlyMap<string, string>): V {
  return { ...view, userName: (userId) => names.get(userId) ?? userId }
}

export function isTime(ms: number): boolean {
  return Math.abs(ms) <= FARTHEST_MS
}
