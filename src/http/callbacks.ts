/** RongCloud's own addresses: outcomes become status codes here and nowhere else. */
import { EVENT_KINDS } from '../rongcloud/events/index.ts'
import { aboutCallback } from './callbacks/about.ts'
import { eventCallback } from './callbacks/events.ts'
import { messageCallback } from './callbacks/messages.ts'
import type { Reception } from './callbacks/reception.ts'
import type { Deps } from './deps.ts'

export function callbackEndpoints(deps: Deps, reception: Reception) {
  const callbacks = [
    messageCallback(reception),
    ...EVENT_KINDS.map((kind) => eventCallback(deps, reception, kind)),
  ]
  return [...callbacks, ...callbacks.map(aboutCallback)]
}
