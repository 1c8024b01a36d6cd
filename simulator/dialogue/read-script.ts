/** Scripts as data: see `scripts-zh.ts` for how they are written. */
import type { Language } from '../world/people.ts'
import { SCRIPTS_EN } from './scripts-en.ts'
import { SCRIPTS_ZH } from './scripts-zh.ts'

export type Line = {
  speaker: 'member' | 'seller'
  isOptional: boolean
  ways: readonly Utterance[]
}

/** A text with holes for facts, or the name of a type to send. */
export type Utterance = { text: string } | { objectName: string }

export const SCRIPTS: Record<Language, readonly (readonly Line[])[]> = {
  zh: SCRIPTS_ZH.map((script) => script.map(readLine)),
  en: SCRIPTS_EN.map((script) => script.map(readLine)),
}

function readLine(line: string): Line {
  const [, speaker, optional, said = ''] = /^([MS])(\?)? (.+)$/s.exec(line) ?? []
  if (!speaker) throw new Error(`not a line of a script: ${line}`)
  return {
    speaker: speaker === 'M' ? 'member' : 'seller',
    isOptional: optional !== undefined,
    ways: said
      .split(' | ')
      .map((way) => (way.startsWith('#') ? { objectName: way.slice(1) } : { text: way })),
  }
}
