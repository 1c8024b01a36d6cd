/** RongCloud's own addresses: outcomes become status codes here and nowhere else. */
import { EVENT_KINDS } from '../rongcloud/events/index.ts'
import { eventCallback } from './callbacks/events.ts'
import { messageCallback } from './callbacks/messages.ts'
import { createReception } from './callbacks/reception.ts'
import type { Deps } from './deps.ts'

export function callbackEndpoints(deps: Deps) {
  const reception = createReception(deps)
  return [messageCallback(reception), ...EVENT_KINDS.map((kind) => eventCallback(deps, reception, kind))]
}
