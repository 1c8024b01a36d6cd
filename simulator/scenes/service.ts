/** The app itself talks: customer service, its robot, notices, public accounts. */
import { DESK_LINES, ROBOT_LINES } from '../dialogue/lines.ts'
import type { Scene } from '../message.ts'
import type { World } from '../world/world.ts'
import { openStage, says, sends } from './stage.ts'

export function* serviceDesk(world: World): Scene {
  const { random } = world
  const place = world.serviceDesk()
  const stage = openStage(world, place)
  const [visitor, desk] = place.people
  yield says(stage, visitor, random.pick(DESK_LINES.visitor))
  yield sends(stage, visitor, 'RC:CsHs')
  yield sends(stage, desk, 'RC:CsHsR')
  for (let left = random.whole(2, 5); left > 0; left--) {
    yield says(stage, desk, random.pick(DESK_LINES.agent))
    yield says(stage, visitor, random.pick(DESK_LINES.visitor))
  }
  if (random.chance(0.5)) yield sends(stage, visitor, 'RC:CsEva')
  yield sends(stage, desk, 'RC:CsEnd')
}

export function* robotChat(world: World): Scene {
  const { random } = world
  const place = world.withRobot()
  const stage = openStage(world, place)
  const [member, robot] = place.people
  for (let left = random.whole(1, 3); left > 0; left--) {
    yield says(stage, member, member.language === 'zh' ? '查一下订单 {order}' : 'Where is order {order}?')
    const answer = random.pick(ROBOT_LINES[member.language])
    if (random.chance(0.3)) yield { ...sends(stage, robot, 'RC:StreamMsg'), aiGenerated: true }
    else yield says(stage, robot, answer, { aiGenerated: true })
  }
}

export function* notices(world: World): Scene {
  const { random } = world
  const place = world.notices()
  const stage = openStage(world, place)
  const [, system] = place.people
  yield says(
    stage,
    system,
    random.pick(['您的订单 {order} 已发货，{courier} {tracking}', '【活动】{goods} 限时 {price} 元']),
  )
  yield sends(stage, system, random.pick(['RC:InfoNtf', 'RC:CmdNtf', 'RC:ImgTextMsg', 'RC:ProfileNtf']))
}

export function* publicNews(world: World): Scene {
  const { random } = world
  const place = world.publicAccount(random.pick(['MC', 'MP']))
  const stage = openStage(world, place)
  const [member, account] = place.people
  yield says(stage, member, random.pick(['今日好价', '菜单', 'news']))
  yield sends(stage, account, random.pick(['RC:PSImgTxtMsg', 'RC:PSMultiImgTxtMsg']))
}
