/** One hour with its numbers, and what was made of RongCloud's log of it. */
import type { LedgerHour } from '../../completeness.ts'
import { html, type Html } from '../html.ts'
import { numberOf } from '../overview/plot.ts'
import type { PageView } from '../page-view.ts'

const NUMBERS = ['received', 'filled', 'queried', 'duplicates', 'refused', 'notStored', 'keptAside'] as const
const OF_LOG = ['read', 'known', 'filled', 'different', 'unreadable', 'outside'] as const

export function oneHour(hour: LedgerHour, view: PageView): Html {
  const { pages, writeTime } = view
  const words = pages.completeness
  return html`<section id="hour" class="one-hour" aria-labelledby="hour-name">
    <h2 id="hour-name">
      ${writeTime(hour.startMs).slice(0, 'YYYY-MM-DD HH:mm'.length)} · ${words.states[hour.state]}
    </h2>
    <p class="quiet">${hour.reason === null ? words.meanings[hour.state] : words.reasons[hour.reason]}</p>
    <dl class="facts">
      ${NUMBERS.map((name) => fact(words.numbers[name], numberOf(hour[name], view)))}
      ${fact(words.provenAt, hour.provenAtMs === null ? words.notProven : writeTime(hour.provenAtMs))}
    </dl>
    ${hour.log && logOf(hour.log, view)}
    ${hour.keptAside > 0 || (hour.log?.unreadable ?? 0) + (hour.log?.different ?? 0) > 0 ? html`<p><a href="/console/deliveries">${words.toDeliveries}</a></p>` : null}
  </section>`
}

function logOf(log: NonNullable<LedgerHour['log']>, view: PageView): Html {
  const { log: title, ofLog } = view.pages.completeness
  return html`<h3>${title}</h3>
    <dl class="facts">${OF_LOG.map((name) => fact(ofLog[name], numberOf(log[name], view)))}</dl>`
}

function fact(name: string, value: string): Html {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`
}
