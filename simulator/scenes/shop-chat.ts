/** A member asks, a seller answers: most of what such an app is for. */
import { SCRIPTS } from '../dialogue/read-script.ts'
import type { Scene } from '../message.ts'
import type { World } from '../world/world.ts'
import { aftermath } from './aftermath.ts'
import { openStage, says, sends } from './stage.ts'

export function* shopChat(world: World): Scene {
  const { random } = world
  const place = world.shop()
  const stage = openStage(world, place)
  const [member, seller] = place.people
  for (const { speaker, isOptional, ways } of random.pick(SCRIPTS[member.language])) {
    const from = speaker === 'member' ? member : seller
    const way = random.pick(ways)
    if (isOptional && random.chance('text' in way ? 0.5 : 0.3)) continue
    const sent = yield 'text' in way ? says(stage, from, way.text) : sends(stage, from, way.objectName)
    yield* aftermath(stage, sent)
  }
}
