/** Days as rows and hours as columns; each hour says its state by a sign, a colour and words. */
import type { Bucket } from '../../../archive/message-counts.ts'
import type { HourState } from '../../../domain/hour-state.ts'
import type { LedgerHour } from '../../completeness.ts'
import { html, type Html } from '../html.ts'
import { numberOf } from '../overview/plot.ts'
import { addressWith } from '../page-links.ts'
import type { PageView } from '../page-view.ts'
import { fillText } from '../words.ts'

/** `isNewest`: today is among the days. `uncounted`: of the newest messages so many are not in the numbers yet. */
export type Calendar = {
  days: readonly Bucket[]
  hours: readonly LedgerHour[]
  uncounted: number
  isNewest: boolean
}

export const SIGNS = { proven: '✓', open: '○', gap: '!', too_old: '–' } as const satisfies Record<
  HourState,
  string
>

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))

export function calendarOf({ days, hours, uncounted, isNewest }: Calendar, view: PageView): Html {
  const { title, day, uncounted: behind } = view.pages.completeness
  // Where clocks are turned back, a day has two of one hour; where they are turned forward, none.
  const places = Map.groupBy(hours, ({ startMs }) => view.writeTime(startMs).slice(0, 'YYYY-MM-DD HH'.length))
  return html`${uncounted > 0 ? html`<p class="error">${fillText(behind, { count: numberOf(uncounted, view) })}</p>` : null}
    <div class="table" tabindex="0" role="region" aria-label="${title}">
      <table class="hours">
        <thead>
          <tr>
            <th scope="col">${day}</th>
            ${HOURS.map((hour) => html`<th scope="col">${hour}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${days.toReversed().map((bucket) => dayOf(bucket, places, view))}
        </tbody>
      </table>
    </div>
    ${otherDays(days, isNewest, view)}`
}

function dayOf([startMs]: Bucket, places: ReadonlyMap<string, readonly LedgerHour[]>, view: PageView): Html {
  const date = view.writeTime(startMs).slice(0, 'YYYY-MM-DD'.length)
  return html`<tr>
    <th scope="row"><span class="year">${date.slice(0, 5)}</span>${date.slice(5)}</th>
    ${HOURS.map(
      (hour) =>
        html`<td>
          ${(places.get(`${date} ${hour}`) ?? []).toReversed().map((each) => cellOf(each, view))}
        </td>`,
    )}
  </tr>`
}

function cellOf(hour: LedgerHour, view: PageView): Html {
  const { state, startMs } = hour
  const said = inWords(hour, view)
  const address = addressWith(view.here, { hour: String(startMs) })
  return html`<a class="${state}" href="${address}#hour" title="${said}" aria-label="${said}"
    >${SIGNS[state]}</a
  >`
}

function inWords(hour: LedgerHour, view: PageView): string {
  const { states, hour: sentence, because, reasons } = view.pages.completeness
  const { received, duplicates, refused, notStored, keptAside, filled, queried, startMs } = hour
  const time = view.writeTime(startMs).slice(0, 'YYYY-MM-DD HH:mm'.length)
  const numbers = { received, duplicates, refused, notStored, keptAside, filled, queried }
  const said = fillText(sentence, { time, state: states[hour.state], ...numbers })
  return hour.reason === null ? said : said + fillText(because, { reason: reasons[hour.reason] })
}

function otherDays(days: readonly Bucket[], isNewest: boolean, view: PageView): Html {
  const { nextPage, firstPage } = view.pages
  const before = view.writeTime((days[0]?.[0] ?? 0) - 1).slice(0, 'YYYY-MM-DD'.length)
  const link = (until: string | null, name: string) =>
    html`<a href="${addressWith(view.here, { until, hour: null })}">${name}</a>`
  return html`<nav class="pages" aria-label="${nextPage}">
    ${isNewest ? null : link(null, firstPage)} ${link(before, nextPage)}
  </nav>`
}
