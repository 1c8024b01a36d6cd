/** Where many write at once: live sales in chat rooms, channels of ultra groups. */
import { CORRECTIONS, GROUP_LINES, LIVE_LINES } from '../dialogue/lines.ts'
import type { Scene } from '../message.ts'
import { someone, type World } from '../world/world.ts'
import { edits, openStage, says, sends } from './stage.ts'

export function* liveRoom(world: World): Scene {
  const { random } = world
  const place = world.crowd('room')
  const stage = openStage(world, place)
  const [host] = place.people
  yield says(stage, host, `{goods} {price} 🔥`)
  for (let left = random.whole(6, 20); left > 0; left--)
    yield says(stage, someone(random, place, host), random.pick(LIVE_LINES[host.language]))
  if (random.chance(0.2)) yield sends(stage, someone(random, place, host), 'RC:chrmKVNotiMsg')
}

export function* ultraGroupTalk(world: World): Scene {
  const { random } = world
  const place = world.crowd('ultraGroup')
  const stage = openStage(world, place)
  const { language } = place.people[0]
  for (let left = random.whole(4, 10); left > 0; left--) {
    const sent = yield says(stage, someone(random, place), random.pick(GROUP_LINES[language]))
    if (random.chance(0.12)) yield edits(stage, sent, random.pick(CORRECTIONS[language]))
    if (random.chance(0.06)) yield sends(stage, someone(random, place), 'RC:MsgExMsg', sent)
    if (random.chance(0.03)) yield sends(stage, sent.author, 'RC:RcCmd', sent)
  }
}
