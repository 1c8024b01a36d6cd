/** Which scenes there are, and how often each begins. */
import type { Scene } from '../message.ts'
import type { World } from '../world/world.ts'
import { call, friendsChat } from './friends.ts'
import { groupTalk } from './group-talk.ts'
import { liveRoom, ultraGroupTalk } from './rooms.ts'
import { notices, publicNews, robotChat, serviceDesk } from './service.ts'
import { shopChat } from './shop-chat.ts'

const SCENES: readonly (readonly [weight: number, (world: World) => Scene])[] = [
  [64, shopChat],
  [11, groupTalk],
  [5, liveRoom],
  [5, ultraGroupTalk],
  [5, friendsChat],
  [3, robotChat],
  [2, serviceDesk],
  [2, notices],
  [2, call],
  [1, publicNews],
]

export function openScene(world: World): Scene {
  return world.random.weighted(SCENES)(world)
}
