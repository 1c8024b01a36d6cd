/**
 * The sequence of messages, without end: what message `i` is depends on the seed, the time of the first one and
 * nothing else, so that a run can be repeated and its verification need not remember it.
 */
import type { PartyTemplates } from '../src/domain/parties.ts'
import { findMessageType } from '../src/rongcloud/message-types/index.ts'
import type { Draft, JsonObject, Scene, SimulatedMessage } from './message.ts'
import { createMsgUIDs } from './msg-uid.ts'
import { createRandom, type Random } from './random.ts'
import { openScene } from './scenes/index.ts'
import { parade } from './scenes/parade.ts'
import { targetOf } from './world/places.ts'
import { createWorld } from './world/world.ts'

export type TrafficOptions = { seed: number; startMs: number; templates: PartyTemplates }

/** On average, in the time of the simulated app; several messages share one millisecond now and then. */
export const MEAN_GAP_MS = 100

// At this gap an answer comes after four seconds.
const SCENES_AT_ONCE = 40
// So that each thousand messages hold every known type.
const PARADE_EVERY = 10

type Running = { scene: Scene; next: Draft }

export function* simulateMessages({
  seed,
  startMs,
  templates,
}: TrafficOptions): Generator<SimulatedMessage, never> {
  const random = createRandom(seed)
  const world = createWorld(random, templates)
  const stamp = createStamp(random, startMs)
  const scenes = Array.from({ length: SCENES_AT_ONCE }, () => begin(openScene(world)))
  const rare = begin(parade(world))
  for (let index = 0; ; index++) {
    const running = index % PARADE_EVERY === 0 ? rare : random.pick(scenes)
    const message = stamp(index, running.next)
    world.remember(running.next.place, message)
    const { done, value } = running.scene.next(message)
    if (done) scenes[scenes.indexOf(running)] = begin(openScene(world))
    else running.next = value
    yield message
  }
}

function begin(scene: Scene): Running {
  const { done, value } = scene.next()
  if (done) throw new Error('a scene has no message')
  return { scene, next: value }
}

/** RongCloud's part: when it came, and which it is. */
function createStamp(random: Random, startMs: number) {
  const nextUID = createMsgUIDs()
  let sentAtMs = startMs
  return (index: number, draft: Draft): SimulatedMessage => {
    const { place, from, objectName } = draft
    if (!random.chance(0.2)) sentAtMs += random.whole(1, 2 * MEAN_GAP_MS * 1.25 - 1)
    return {
      index,
      author: from,
      msgUID: nextUID(sentAtMs, place),
      fromUserId: from.userId,
      targetId: targetOf(place, from),
      channelType: place.channelType,
      busChannel: place.busChannel,
      objectName,
      content: contentOf(draft, random),
      sentAtMs,
      source: from.source,
      sensitiveType: draft.sensitiveType ?? 0,
      groupUserIds: draft.groupUserIds ?? [],
      originalMsgUID: draft.originalMsgUID ?? null,
      aiGenerated: draft.aiGenerated ?? false,
    }
  }
}

/** As the sender's SDK writes it: JSON of iOS and Android has its slashes escaped. */
function contentOf({ content, from, objectName }: Draft, random: Random): string {
  if (typeof content === 'string') return content
  const isShown = ['content', 'notification'].includes(findMessageType(objectName)?.category ?? '')
  const { userId, name, portrait } = from
  const user = { id: userId, name, portrait }
  const whole: JsonObject = isShown && random.chance(0.35) ? { ...content, user } : content
  const json = JSON.stringify(whole)
  return ['iOS', 'Android'].includes(from.source) ? json.replaceAll('/', String.raw`\/`) : json
}
