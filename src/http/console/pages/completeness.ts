/** A calendar of hours: which are proven complete, and what is known of the others. */
import { z } from 'zod'
import { findLogPause, findRefusedHost } from '../../../archive/history-logs.ts'
import { readLedger } from '../../completeness.ts'
import { endpoint } from '../../endpoint.ts'
import { integer, optional, text } from '../../parameters.ts'
import { spanParameters } from '../../span.ts'
import { answerPage } from '../answer.ts'
import { calendarOf, type Calendar } from '../completeness/calendar.ts'
import { daysUntil } from '../completeness/days.ts'
import { aboutLogs, appChoice, legendOf } from '../completeness/legend.ts'
import { oneHour } from '../completeness/one-hour.ts'
import { askedFor, type ConsoleDeps } from '../operators.ts'
import { pageViewOf } from '../page-view.ts'

export function completenessEndpoint(deps: ConsoleDeps) {
  const { store, settings, now, note } = deps
  return endpoint({
    method: 'GET',
    path: '/console/completeness',
    tag: 'console',
    summary: 'Which hours are proven complete',
    access: 'operator',
    errorShape: 'page',
    query: z.object({
      appKey: optional(text),
      until: spanParameters(settings.timeZone).endTime,
      hour: optional(integer),
    }),
    answer: { description: 'The page.', contentType: 'text/html' },
    handle: async (request) => {
      const { c, query } = request
      await note(request, { action: 'completeness', detail: askedFor(c) })
      const view = pageViewOf(c, settings.timeZone)
      const { title } = view.pages.completeness
      const apps = settings.apps.map((app) => app.appKey)
      const appKey = query.appKey ?? apps[0]
      const [pause, refused] = await whyNot(appKey)
      const calendar = await calendarFor(appKey === undefined ? [] : [appKey], query.until?.untilMs ?? now())
      const asked = calendar.hours.find(({ startMs }) => startMs === query.hour)
      const main = [
        appChoice(apps, appKey, view),
        aboutLogs({ isOff: settings.serverApi === null, pause, refused }, view),
        asked ? oneHour(asked, view) : null,
        calendarOf(calendar, view),
        legendOf(calendar.hours, view),
      ]
      return answerPage(c, { title, section: 'completeness', main }, view)
    },
  })

  function whyNot(appKey: string | undefined): Promise<(string | undefined)[]> {
    if (appKey === undefined) return Promise.resolve([])
    return Promise.all([findLogPause(store, appKey, now()), findRefusedHost(store, appKey)])
  }

  async function calendarFor(appKeys: readonly string[], untilMs: number): Promise<Calendar> {
    const nowMs = now()
    const days = daysUntil(Math.min(untilMs, nowMs), settings.timeZone)
    const span = { fromMs: days[0]?.[0] ?? nowMs, untilMs: (days.at(-1)?.[1] ?? nowMs) - 1 }
    return {
      days,
      ...(await readLedger({ ...deps, logZone: settings.logZone }, { appKeys, span })),
      isNewest: span.untilMs >= nowMs,
    }
  }
}
