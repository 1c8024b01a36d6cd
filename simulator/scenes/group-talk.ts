/** Customers of a shop among themselves, with the seller calling them by name. */
import { GROUP_LINES, MENTION_ALL_LINES, MENTION_LINES } from '../dialogue/lines.ts'
import type { Scene } from '../message.ts'
import { someone, type World } from '../world/world.ts'
import { aftermath } from './aftermath.ts'
import { mentions, openStage, says, sends } from './stage.ts'

export function* groupTalk(world: World): Scene {
  const { random } = world
  const place = world.crowd('group')
  const stage = openStage(world, place)
  const [seller] = place.people
  const { language } = seller
  if (random.chance(0.3)) yield mentions(stage, seller, random.pick(MENTION_ALL_LINES[language]), 'all')
  for (let left = random.whole(4, 12); left > 0; left--) {
    const sent = yield says(stage, someone(random, place), random.pick(GROUP_LINES[language]))
    yield* aftermath(stage, sent)
    if (random.chance(0.15))
      yield sends(stage, someone(random, place), random.pick(['RC:ImgMsg', 'RC:StkMsg', 'RC:VcMsg']))
  }
  const buyer = someone(random, place, seller)
  const called = yield mentions(stage, seller, random.pick(MENTION_LINES[language]), buyer)
  if (random.chance(0.3)) {
    // The seller wants to know who has read it.
    yield sends(stage, seller, 'RC:RRReqMsg', called)
    yield sends(stage, buyer, 'RC:RRRspMsg', called)
  }
  // A directed message: nobody else of the group gets it.
  const directed = [...new Set([buyer, someone(random, place, seller)])].map(({ userId }) => userId)
  if (random.chance(0.4))
    yield { ...mentions(stage, seller, random.pick(MENTION_LINES[language]), buyer), groupUserIds: directed }
}
