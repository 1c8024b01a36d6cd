/** What is said around the calendar: of which app it is, where logs come from, what the signs mean. */
import { HOUR_STATES, type HourState } from '../../../domain/hour-state.ts'
import type { LedgerHour } from '../../completeness.ts'
import { html, type Html, type Piece } from '../html.ts'
import { shown } from '../messages/showable.ts'
import { numberOf } from '../overview/plot.ts'
import { addressWith } from '../page-links.ts'
import type { PageView } from '../page-view.ts'
import { fill } from '../words.ts'
import { SIGNS } from './calendar.ts'

/** Nothing where there is nothing to choose. */
export function appChoice(apps: readonly string[], chosen: string | undefined, view: PageView): Html | null {
  if (apps.length < 2) return null
  const address = (appKey: string) => addressWith(view.here, { appKey, hour: null })
  const link = (appKey: string) =>
    appKey === chosen
      ? html`<a href="${address(appKey)}" aria-current="true">${shown(appKey)}</a>`
      : html`<a href="${address(appKey)}">${shown(appKey)}</a>`
  return html`<nav class="choice" aria-label="${view.pages.completeness.app}">${apps.map(link)}</nav>`
}

/** @param isOff RongCloud is not asked at all @param pause why it is not asked for a while @param refused why the last log could not be had */
export function aboutLogs(
  { isOff, pause, refused }: { isOff: boolean; pause: string | undefined; refused: string | undefined },
  view: PageView,
): Html {
  const { about, off, paused, hostRefused } = view.pages.completeness
  return html`<p class="quiet">${about}</p>
    ${isOff ? warning(off) : null} ${pause === undefined ? null : warning(fill(paused, { reason: pause }))}
    ${refused === undefined || isOff ? null : warning(fill(hostRefused, { reason: refused }))}`
}

function warning(said: Piece): Html {
  return html`<p class="error">${said}</p>`
}

export function legendOf(hours: readonly LedgerHour[], view: PageView): Html {
  const { legend } = view.pages.completeness
  return html`<section aria-labelledby="legend">
    <h2 id="legend">${legend}</h2>
    <ul class="legend">
      ${HOUR_STATES.map((state) => signOf(state, hours.filter((hour) => hour.state === state).length, view))}
    </ul>
  </section>`
}

function signOf(state: HourState, count: number, view: PageView): Html {
  const { states, meanings } = view.pages.completeness
  return html`<li>
    <span class="${state}" aria-hidden="true">${SIGNS[state]}</span>
    <span><b>${states[state]}</b> (${numberOf(count, view)}): ${meanings[state]}</span>
  </li>`
}
