/** What a maker of content is told. */
import type { JsonObject, SimulatedMessage } from '../message.ts'
import type { Random } from '../random.ts'
import type { Facts } from '../world/goods.ts'
import type { Person } from '../world/people.ts'
import type { Place } from '../world/places.ts'

export type Context = {
  random: Random
  place: Place
  from: Person
  facts: Facts
  /** An earlier message of this place: what is quoted, taken back or confirmed. */
  about: SimulatedMessage
}

/** By object name: a content object that fits the type. */
export type Contents = Readonly<Record<string, (context: Context) => JsonObject>>

export const FILES = 'https://rongcloud-file.example.cn'
export const IMAGES = 'https://rongcloud-image.example.cn'
