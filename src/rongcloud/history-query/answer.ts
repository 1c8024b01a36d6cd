import { parseExactJson, textAt } from '../exact-json.ts'
import { isObject } from '../message-types/readable-text.ts'
import { refusalOf, type Refused } from '../server-request.ts'

/** What RongCloud gave, whatever it is; {@link parseQueriedMessage} says what of it is a message. */
export type QueryAnswer = { items: readonly unknown[] }

const NOT_BOUGHT =
  'the cloud storage of messages (消息云存储), out of which RongCloud gives the history, is not enabled for the app: buy it in the console of RongCloud'

// Besides the documented code, for the code of a service that has to be bought is not documented for each of them.
const SAYS_NOT_ENABLED =
  /not (?:been )?(?:enabled|opened|activated|purchased|bought|subscribed)|未开通|未开启|未购买/i

export function readQueryAnswer(status: number, body: string): QueryAnswer | Refused {
  const answer = parseExactJson(body)
  if (!isObject(answer)) return refusalWithoutJson(status)
  const code = Number(textAt(answer, 'code') || Number.NaN)
  const said = ['errorMessage', 'msg', 'message'].map((name) => textAt(answer, name)).find(Boolean) ?? ''
  const refusal = refusalOf(status, code, `${NOT_BOUGHT} (${code})`)
  if (refusal?.refused === 'other' && SAYS_NOT_ENABLED.test(said))
    return { refused: 'not_enabled', detail: `${NOT_BOUGHT} (${code})` }
  if (refusal)
    return said === '' ? refusal : { ...refusal, detail: `${refusal.detail}: ${said.slice(0, 200)}` }
  // Where there is nothing to give, null stands for the empty list.
  const items = answer.data ?? []
  if (Array.isArray(items)) return { items }
  // It says nothing of the conversation, which counts as not asked for.
  return { refused: 'unavailable', detail: 'an answer without a list of messages' }
}

/** A page of a proxy, or an answer that was cut. */
function refusalWithoutJson(status: number): Refused {
  const refusal = refusalOf(status, undefined, NOT_BOUGHT)
  if (refusal && refusal.refused !== 'other') return refusal
  return { refused: 'unavailable', detail: `an answer that is not JSON, with status ${status}` }
}
