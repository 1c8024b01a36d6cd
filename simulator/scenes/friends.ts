/** Members among themselves: they become friends, chat, and call each other. */
import { GROUP_LINES } from '../dialogue/lines.ts'
import type { Scene } from '../message.ts'
import { someone, type World } from '../world/world.ts'
import { aftermath } from './aftermath.ts'
import { openStage, says, sends } from './stage.ts'

export function* friendsChat(world: World): Scene {
  const { random } = world
  const place = world.friends()
  const stage = openStage(world, place)
  const [one, other] = place.people
  const isFirst = place.last === null
  yield says(stage, one, random.pick(GROUP_LINES[one.language]))
  if (isFirst) {
    yield sends(stage, one, 'RC:ContactNtf')
    yield sends(stage, other, 'RC:InfoNtf')
  }
  for (let left = random.whole(3, 9); left > 0; left--) {
    const sent = yield says(stage, someone(random, place), random.pick(GROUP_LINES[one.language]))
    yield* aftermath(stage, sent)
    if (random.chance(0.2))
      yield sends(stage, someone(random, place), random.pick(['RC:ImgMsg', 'RC:HQVCMsg', 'RC:GIFMsg']))
  }
}

export function* call(world: World): Scene {
  const { random } = world
  const place = random.chance(0.5) ? world.shop() : world.friends()
  const stage = openStage(world, place)
  const [caller, callee] = place.people
  yield says(stage, caller, caller.language === 'zh' ? '方便语音吗？' : 'Can I call you?')
  yield sends(stage, caller, 'RC:VCInvite')
  yield sends(stage, callee, 'RC:VCRinging')
  if (random.chance(0.7)) yield sends(stage, callee, 'RC:VCAccept')
  yield sends(stage, caller, 'RC:VCHangup')
  yield sends(stage, caller, 'RC:VCSummary')
}
