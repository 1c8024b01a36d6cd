/** One conversation to read and to print: a page that needs nothing beside itself and runs nothing. */
import type { ArchivedConversation } from '../../archive/conversations.ts'
import type { ArchivedMessage } from '../../archive/messages.ts'
import type { Exported } from '../../archive/export.ts'
import { LAYOUT_CSS } from '../console/assets/layout-css.ts'
import { MESSAGES_CSS } from '../console/assets/messages-css.ts'
import { kindName, nameOf, type Names } from '../console/conversation-names.ts'
import { html, type Html } from '../console/html.ts'
import { renderDay, renderMessage } from '../console/messages/message.ts'
import { shown } from '../console/messages/showable.ts'
import type { PageView } from '../console/page-view.ts'
import { peopleIn } from '../console/people.ts'
import { toShownMessage } from '../console/shown-message.ts'
import { withNames } from '../console/view.ts'
import { fillText } from '../console/words.ts'
import type { Format } from './format.ts'

// The file may be opened anywhere: still nothing in it runs, and nothing is asked of any host.
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

// Characters of markup, some 10 ms: then whatever else waits has its turn.
const AT_ONCE = 100_000

export type HtmlSubject = {
  conversation: ArchivedConversation
  names: Names
  /** Whose messages stand on the right; null = nobody's. */
  rightUserId: string | null
  namesOf: (userIds: readonly string[]) => Promise<Names>
}

export function htmlFile(subject: HtmlSubject, view: PageView): Format {
  const { conversation, rightUserId, namesOf } = subject
  let lastDay = ''
  const day = ({ sentAtMs }: ArchivedMessage): Html | null => {
    const written = view.writeTime(sentAtMs).slice(0, 'YYYY-MM-DD'.length)
    if (written === lastDay) return null
    lastDay = written
    return renderDay(sentAtMs, view, false)
  }
  const entry = (message: ArchivedMessage, named: PageView) => {
    const side = message.fromUserId === rightUserId ? 'right' : 'left'
    return html`${day(message)}
    ${renderMessage(toShownMessage(message), { view: named, side, isSaved: true })} `
  }
  return {
    contentType: 'text/html; charset=utf-8',
    head: () => head(subject, view),
    page: async (entries, here) => {
      const found = messagesIn(entries)
      // A file that stands for what was said has all of it.
      const named = { ...withNames(view, await namesOf(found.flatMap(peopleIn))), longestText: Infinity }
      let written = ''
      let pausedAt = 0
      for (const message of found) {
        written += entry(message, named).toString()
        if (written.length - pausedAt < AT_ONCE) continue
        pausedAt = written.length
        await new Promise((resolve) => void setTimeout(resolve))
      }
      return written + (here ? `\n<!-- next ${here.after} ${here.count} -->\n` : '')
    },
    count: (entries) => messagesIn(entries).length,
    tail: (count) =>
      `${html`</section><footer class="quiet"><p>${fillText(view.pages.conversations.messages, { count })} · ${shown(conversation.appKey)}</p><p>${view.pages.conversations.exported}</p></footer></main></body></html>`.toString()}\n`,
    trailer: (count, sha256) => `<!-- end ${count} ${sha256} -->\n`,
  }
}

function head({ conversation, names }: HtmlSubject, view: PageView): string {
  const title = nameOf(conversation, names, view)
  const page = html`<!doctype html>
    <html lang="${view.words.language}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <style></style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p class="quiet">${kindName(conversation.channelType, view)}</p>
          <section class="chat"></section>
        </main>
      </body>
    </html>`.toString()
  // What closes it is the tail's; the style is ours alone and would be escaped as a piece.
  const [before, after] = page.slice(0, page.indexOf('</section>')).split('</style>')
  return `${before}${LAYOUT_CSS}${MESSAGES_CSS}</style>${after}`
}

function messagesIn(entries: readonly Exported[]): ArchivedMessage[] {
  return entries.flatMap((entry) => (entry.type === 'message' ? [entry.message] : []))
}
