import type { Language } from '../words.ts'
import { enPages, type PageWords } from './words.en.ts'
import { zhPages } from './words.zh.ts'

export type { PageWords } from './words.en.ts'

export function pageWordsOf(language: Language): PageWords {
  return language === 'zh' ? zhPages : enPages
}
