/**
 * Every known type in turn, and the app's own, into whatever conversation goes on: what is rare in chats is not
 * left to chance.
 */
import { KNOWN_OBJECT_NAMES } from '../../src/rongcloud/message-types/index.ts'
import { OWN_OBJECT_NAMES } from '../contents/index.ts'
import type { Scene } from '../message.ts'
import type { Person } from '../world/people.ts'
import type { Place } from '../world/places.ts'
import { someone, type World } from '../world/world.ts'
import { openStage, says, sends } from './stage.ts'

export function* parade(world: World): Scene {
  // One order for all rounds, so that none has to wait longer than one round.
  const objectNames = world.random.shuffled([...KNOWN_OBJECT_NAMES, ...OWN_OBJECT_NAMES])
  for (;;)
    for (const objectName of objectNames) {
      const place = placeFor(world, objectName)
      const stage = openStage(world, place)
      if (!place.last) yield says(stage, place.people[0], '{goods} {colour}')
      yield sends(stage, senderOf(world, place, objectName), objectName)
    }
}

const PUBLIC_TYPES = /^RC:PS/
const NOTICE_TYPES = /^RC:(ProfileNtf|CmdNtf|CmdMsg|LogCmdMsg|InterceptMsg|OldMsgNtf|UIUMsg|CCConfig)/
const ROBOT_TYPES = /^RC:StreamMsg$/

// Where RongCloud's own clients send them; everything else fits a chat between two.
const PLACES: readonly (readonly [RegExp, (world: World) => Place])[] = [
  [ROBOT_TYPES, (world) => world.withRobot()],
  [/^RC:(HsMsg|SpMsg|Cs)/i, (world) => world.latest('CUSTOMERSERVICE') ?? world.serviceDesk()],
  [/^RC:(GrpNtf|RR|VCModifyMem)/, (world) => world.latest('GROUP') ?? world.crowd('group')],
  [/^RC:chrm/i, (world) => world.latest('TEMPGROUP') ?? world.crowd('room')],
  [/^RC:DizNtf/, (world) => world.crowd('discussion')],
  [PUBLIC_TYPES, (world) => world.latest('MP') ?? world.publicAccount('MP')],
  [NOTICE_TYPES, (world) => world.latest('NOTIFY') ?? world.notices()],
  [/./, (world) => world.latest('PERSON') ?? world.shop()],
]

function placeFor(world: World, objectName: string): Place {
  const found = PLACES.find(([types]) => types.test(objectName))
  return found ? found[1](world) : world.shop()
}

/** Only its author takes a message back, and nobody confirms to have read their own. */
function senderOf({ random }: World, place: Place, objectName: string): Person {
  const author = place.last?.author
  if (objectName === 'RC:RcCmd' && author) return author
  if (/^RC:(ReadNtf|RRRspMsg|RRMsg|Delivered)$/.test(objectName)) return someone(random, place, author)
  const account = place.people.find(({ role }) => role === 'account')
  const isFromAccount = [PUBLIC_TYPES, NOTICE_TYPES, ROBOT_TYPES].some((types) => types.test(objectName))
  return isFromAccount && account ? account : someone(random, place)
}
