/** The operators' console: none without a password. */
import { createCaller } from '../addresses.ts'
import type { Deps } from '../deps.ts'
import type { Endpoint } from '../endpoint.ts'
import { createAdmitOperator, type AdmitOperator } from './admission.ts'
import { createCookies } from './cookies.ts'
import { createKnownBrowsers } from './known-browsers.ts'
import { createNote } from './operators.ts'
import { accessesEndpoint } from './pages/accesses.ts'
import { assetsEndpoint } from './pages/assets.ts'
import { completenessEndpoint } from './pages/completeness.ts'
import { conversationEndpoint } from './pages/conversation.ts'
import { conversationsEndpoint } from './pages/conversations.ts'
import { deliveryEndpoints } from './pages/deliveries.ts'
import { liveEndpoints } from './pages/live.ts'
import { messageEndpoints } from './pages/message.ts'
import { searchEndpoint } from './pages/search.ts'
import { overviewEndpoint } from './pages/overview.ts'
import { signInEndpoints } from './pages/sign-in.ts'
import { createSessions } from './sessions.ts'

export type Console = { endpoints: Endpoint[]; admitOperator: AdmitOperator }

export function createConsole(deps: Deps): Console | null {
  const password = deps.settings.consolePassword
  if (password === null) return null
  const caller = createCaller(deps)
  const cookies = createCookies(password, caller)
  const sessions = createSessions(cookies, deps)
  const browsers = createKnownBrowsers(cookies, deps)
  const given = { ...deps, caller, sessions, browsers, password, note: createNote(deps, caller) }
  return {
    endpoints: [
      ...signInEndpoints(given),
      conversationsEndpoint(given),
      conversationEndpoint(given),
      searchEndpoint(given),
      ...messageEndpoints(given),
      ...liveEndpoints(given),
      overviewEndpoint(given),
      completenessEndpoint(given),
      ...deliveryEndpoints(given),
      accessesEndpoint(given),
      assetsEndpoint(given),
    ],
    admitOperator: createAdmitOperator(sessions, caller),
  }
}
