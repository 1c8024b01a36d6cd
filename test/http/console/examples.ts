/** Content of every known type: as the protocol shows it (§5.9), and of the types that it only names. */
import { KNOWN_OBJECT_NAMES } from '../../../src/rongcloud/message-types/index.ts'
import exampleLines from '../../fixtures/content-examples.ndjson?raw'

export type Example = { objectName: string; content: Record<string, unknown> }

const shown = exampleLines
  .trim()
  .split('\n')
  .map((line): Example => JSON.parse(line))

const article = { title: 't', digest: 'd', picurl: 'https://x/p.png', url: 'https://x/p.html' }
const OTHERS: Record<string, Record<string, unknown>> = {
  'RC:PSMultiImgTxtMsg': { articles: [article, { ...article, title: 'second' }] },
  'RC:CsCha': { uid: 'u1', sid: 's1', pid: 'p1' },
  'RCJrmf:RpMsg': { Bribery_ID: '7', Bribery_Message: '恭喜发财' },
  'RC:RLStart': { content: 'I share my position' },
}

export const examples: readonly Example[] = KNOWN_OBJECT_NAMES.map((objectName) => ({
  objectName,
  content: shown.find((example) => example.objectName === objectName)?.content ?? OTHERS[objectName] ?? {},
}))

export function exampleOf(objectName: string, changes: Record<string, unknown> = {}): string {
  const content = examples.find((example) => example.objectName === objectName)?.content
  return JSON.stringify({ ...content, ...changes })
}
