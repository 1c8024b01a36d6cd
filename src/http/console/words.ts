/** The console's words, in the languages of those who read it. A word that one of them lacks does not compile. */
import { parseAccept } from 'hono/utils/accept'
import { html, type Html, type Piece } from './html.ts'
import { shown } from './messages/showable.ts'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export type Words = typeof en

const LANGUAGES = { zh, en } satisfies Record<string, Words>
export type Language = keyof typeof LANGUAGES

export function wordsOf(language: Language): Words {
  return LANGUAGES[language]
}

const LANGUAGE_TAG = /^[a-z]{2,8}(-|$)/i

/**
 * What the operator chose, else the first language of theirs that we speak. Most operators read Chinese, so it is
 * for whoever does not say; somebody with languages of their own rather knows English.
 */
export function languageOf(acceptLanguage: string | null, chosen: string | null): Language {
  if (chosen === 'zh' || chosen === 'en') return chosen
  const wanted = parseAccept(acceptLanguage ?? '').filter(({ type, q }) => q > 0 && LANGUAGE_TAG.test(type))
  const spoken = wanted.map(({ type }) => type.toLowerCase().replace(/-.*$/, '')).find(isLanguage)
  return spoken ?? (wanted.length > 0 ? 'en' : 'zh')
}

function isLanguage(code: string): code is Language {
  return Object.hasOwn(LANGUAGES, code)
}

export function typeName(words: Words, objectName: string): string {
  const names: Record<string, string> = words.types
  return Object.hasOwn(names, objectName) ? (names[objectName] ?? objectName) : objectName
}

const SLOT = /\{(\w+)\}/
const EITHER = /\{(\w+):([^|}]*)\|([^}]*)\}/g
const ENGLISH = new Intl.PluralRules('en')

type Values = Readonly<Record<string, string | number | Html>>

/** The pieces of a sentence, its slots filled. Strings come from outside and are shown as such; markup is ours. */
export function fill(template: string, values: Values): Piece[] {
  return inNumber(template, values)
    .split(SLOT)
    .map((part, at) => {
      if (at % 2 === 0) return part
      const value = values[part] ?? ''
      return typeof value === 'string' ? html`<b class="value">${shown(value)}</b>` : value
    })
}

/** The same for a title or a label, where there is no markup. */
export function fillText(template: string, values: Readonly<Record<string, string | number>>): string {
  return inNumber(template, values).replaceAll(/\{(\w+)\}/g, (_, slot: string) => String(values[slot] ?? ''))
}

/** `{count:message|messages}` is the one or the other, as `count` is. Chinese has no need of it. */
function inNumber(template: string, values: Values): string {
  return template.replaceAll(EITHER, (_, slot: string, one: string, other: string) =>
    ENGLISH.select(Number(values[slot])) === 'one' ? one : other,
  )
}
