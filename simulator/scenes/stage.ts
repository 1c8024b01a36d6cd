/** What every scene stands on: a place, the facts it is about, and the ways of saying something there. */
import { makeContent } from '../contents/index.ts'
import { EMOJI } from '../dialogue/lines.ts'
import { fill } from '../dialogue/fill.ts'
import type { Draft, SimulatedMessage } from '../message.ts'
import type { Random } from '../random.ts'
import { chooseFacts, type Facts } from '../world/goods.ts'
import type { Person } from '../world/people.ts'
import type { Place } from '../world/places.ts'
import type { World } from '../world/world.ts'

export type Stage = { random: Random; place: Place; facts: Facts; shopName: string }

export function openStage({ random }: World, place: Place): Stage {
  const [one, other] = place.people
  return { random, place, facts: chooseFacts(random, one.language), shopName: other.name }
}

/** A text; its `{…}` become the facts of this stage. */
export function says(stage: Stage, from: Person, line: string, more: Partial<Draft> = {}): Draft {
  const { random, place, facts, shopName } = stage
  const emoji = random.chance(0.12) ? random.pick(EMOJI) : ''
  const text = fill(line, { ...facts, shop: shopName }) + emoji
  const draft = { place, from, objectName: 'RC:TxtMsg', content: { content: text, extra: '' } }
  return { ...draft, ...watched(random, text), ...more }
}

/** A message of this type, about the last one here unless told otherwise. */
export function sends(stage: Stage, from: Person, objectName: string, about = stage.place.last): Draft {
  if (!about) throw new Error(`nothing was said yet that ${objectName} could be about`)
  return { place: stage.place, from, objectName, content: makeContent(objectName, { ...stage, from, about }) }
}

/** A text that calls somebody by name, or everybody. */
export function mentions(stage: Stage, from: Person, line: string, who: Person | 'all'): Draft {
  const text = fill(line, { ...stage.facts, ...(who !== 'all' && { name: who.name }) })
  const mentionedInfo =
    who === 'all'
      ? { type: 1, userIdList: [], mentionedContent: '' }
      : { type: 2, userIdList: [who.userId], mentionedContent: '有人@你' }
  const content = { content: text, mentionedInfo, extra: '' }
  return { place: stage.place, from, objectName: 'RC:TxtMsg', content }
}

/** The same words again, better: how a member of an ultra group changes what they wrote. */
export function edits(stage: Stage, { author, msgUID }: SimulatedMessage, line: string): Draft {
  return says(stage, author, line, { originalMsgUID: msgUID })
}

// Words that the app has on its lists (protocol §2.8): replaced ones are delivered, blocked ones are not.
function watched(random: Random, text: string): Partial<Draft> {
  const chance = random.whole(1, 1000)
  if (chance <= 3) return { sensitiveType: 1, content: { content: `${text} 加微信返现`, extra: '' } }
  if (chance <= 10) return { sensitiveType: 2, content: { content: `${text} ***`, extra: '' } }
  return {}
}
