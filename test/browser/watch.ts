/** What must never happen on a page of the console, noted as it happens. */
import type { BrowserContext, ConsoleMessage, Request } from 'playwright-core'

/** Refusals that a test brings about itself; a browser prints a line for each. */
export type Expected = readonly RegExp[]

/** Notes errors, warnings, dialogs, breaches of the page's policy and requests to other hosts, which get nowhere. */
export async function watch(
  context: BrowserContext,
  { origin, expected, note }: { origin: string; expected: Expected; note: (complaint: string) => void },
): Promise<void> {
  context.on('console', (message) => {
    const line = lineOf(message)
    if (isComplaint(message) && !expected.some((each) => each.test(line))) note(line)
  })
  context.on('weberror', (error) => note(`error: ${error.error().message}`))
  context.on('dialog', (dialog) => {
    note(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await context.route(
    (url) => url.origin !== origin,
    (route) => {
      note(`request to another host: ${named(route.request())}`)
      return route.abort()
    },
  )
  await context.addInitScript(reportBreaches)
}

// In the page. Also what the browser does not print is printed, and what hostile samples call is seen.
function reportBreaches() {
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    // oxlint-disable-next-line no-console -- the page's console is what is watched
    console.error(`against the policy: ${violatedDirective} ${blockedURI}`)
  })
}

function isComplaint(message: ConsoleMessage): boolean {
  return ['error', 'warning', 'assert'].includes(message.type())
}

function lineOf(message: ConsoleMessage): string {
  return `${message.type()}: ${message.text()} (${message.location().url})`
}

function named(request: Request): string {
  return `${request.method()} ${request.url()}`
}
