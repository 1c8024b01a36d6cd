/** Whether messages come in as they should, each fact with what is normal. */
import { WAITING_MAX, type Waiting } from '../../../archive/ingest-health.ts'
import { DELIVERY_REASONS } from '../../../archive/deliveries.ts'
import type { Refusal } from '../../../ingest/authenticate.ts'
import type { IngestHealth } from '../../ingest-health.ts'
import { html, type Html, type Piece } from '../html.ts'
import { shown } from '../messages/showable.ts'
import { durationOf } from '../messages/units.ts'
import type { PageView } from '../page-view.ts'
import { fill, fillText } from '../words.ts'
import { numberOf } from './plot.ts'

export function healthOf(health: IngestHealth, nowMs: number, view: PageView): Html {
  const words = view.pages.overview
  const { normal } = words
  return html`<section aria-labelledby="ingest">
    <h2 id="ingest">${words.ingest}</h2>
    ${health.unconfiguredApps.map((appKey) => html`<p role="alert">${fill(words.unconfigured, { appKey })}</p>`)}
    <dl class="health">
      ${fact(words.lastCallback, lastCallback(health, nowMs, view), normal.lastCallback)}
      ${fact(words.newest, newestOf(health, view), normal.newest)}
      ${fact(words.rate, numberOf(health.messagesPerMinute, view), normal.rate)}
      ${fact(words.duplicates, countOf(health, ['known'], view), normal.duplicates)}
      ${fact(words.conflicts, countOf(health, ['conflict'], view), normal.conflicts)}
      ${fact(words.refused, refusedOf(health, view), normal.refused)}
      ${fact(words.notStored, countOf(health, ['not_stored', 'overloaded'], view), normal.notStored)}
      ${fact(words.keptAside, keptAsideOf(health, view), normal.keptAside)}
      ${fact(words.index, indexOf(health, view), normal.index)}
    </dl>
  </section>`
}

function fact(name: string, value: Piece, normal: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd class="value">${value}</dd>
    <dd class="quiet">${normal}</dd>
  </div>`
}

function lastCallback({ lastCallbackAtMs }: IngestHealth, nowMs: number, view: PageView): Piece {
  const { never, ago } = view.pages.overview
  if (lastCallbackAtMs === null) return never
  const since = durationOf((nowMs - lastCallbackAtMs) / 1000, view.words)
  return html`${fill(ago, { duration: since })}
    <span class="quiet">${view.writeTime(lastCallbackAtMs)}</span>`
}

function newestOf({ newestMessage }: IngestHealth, view: PageView): Piece {
  const { never, delay, message } = view.pages.overview
  if (newestMessage === null) return never
  const { id, sentAtMs, receivedAtMs } = newestMessage
  const took = durationOf((receivedAtMs - sentAtMs) / 1000, view.words)
  return html`<a href="/console/messages/${id}">${fillText(message, { id })}</a>,
    ${fill(delay, { duration: took })}`
}

function countOf({ callbacks }: IngestHealth, outcomes: readonly string[], view: PageView): string {
  const counts = callbacks.counts.filter(({ outcome }) => outcomes.includes(outcome))
  return numberOf(
    counts.reduce((sum, count) => sum + count.callbacks, 0),
    view,
  )
}

function refusedOf(health: IngestHealth, view: PageView): Piece {
  const names: Readonly<Record<string, string>> = view.pages.overview.refusals satisfies Record<
    Refusal,
    string
  >
  const refused = health.callbacks.counts.filter(({ outcome }) => outcome === 'refused')
  if (refused.length === 0) return numberOf(0, view)
  return html`<ul class="plain">
    ${refused.map(({ reason, callbacks }) => html`<li>${numberOf(callbacks, view)} ${names[reason] ?? shown(reason)}</li>`)}
  </ul>`
}

function keptAsideOf(
  { keptAside: waiting, newestMisaddressedPath: path }: IngestHealth,
  view: PageView,
): Piece {
  const { reasons, overview } = view.pages
  const some = DELIVERY_REASONS.filter((reason) => waiting[reason] > 0)
  if (some.length === 0) return numberOf(0, view)
  const count = (reason: keyof Waiting) =>
    numberOf(waiting[reason], view) + (waiting[reason] >= WAITING_MAX ? '+' : '')
  return html`<ul class="plain">
    ${some.map(
      (reason) =>
        html`<li>
          <a href="/console/deliveries?reason=${reason}&replayed=false">${count(reason)} ${reasons[reason]}</a
          >${reason === 'unknown_address' && path !== null ? html`, ${fill(overview.newestMisaddressed, { path })}` : null}
        </li>`,
    )}
  </ul>`
}

function indexOf({ newestId, indexedUpTo }: IngestHealth, view: PageView): Piece {
  const { complete, behind } = view.pages.overview
  const count = newestId - indexedUpTo
  return count === 0 ? complete : fillText(behind, { count: numberOf(count, view) })
}

export function newTypesOf({ newObjectNames }: IngestHealth, view: PageView): Html {
  const words = view.pages.overview
  return html`<section aria-labelledby="new-types">
    <h2 id="new-types">${words.newTypes}</h2>
    <p class="quiet">${words.newTypesAbout}</p>
    ${
      newObjectNames.length === 0
        ? html`<p>${words.noNewTypes}</p>`
        : html`<ul class="cards">
            ${newObjectNames.map((name) => typeOf(name, view))}
          </ul>`
    }
  </section>`
}

function typeOf(name: IngestHealth['newObjectNames'][number], view: PageView): Html {
  const { firstSeen } = view.pages.overview
  const { messages } = view.pages.conversations
  return html`<li>
    <p class="head">
      ${shown(name.msgType || name.objectName)}
      <span class="quiet">${fillText(firstSeen, { time: view.writeTime(name.firstReceivedAtMs) })}</span>
    </p>
    <p class="quiet">
      ${fillText(messages, { count: numberOf(name.messageCount, view) })}
      ${name.msgType === '' ? null : html`· ${shown(name.objectName)}`} · ${shown(name.appKey)}
    </p>
  </li>`
}
