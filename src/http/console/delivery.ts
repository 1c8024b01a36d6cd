/** Callbacks kept aside, as an operator reads them. */
import { DELIVERY_REASONS, type Delivery } from '../../archive/deliveries.ts'
import type { Replayed } from '../../ingest/replay.ts'
import { withoutSignature } from '../../rongcloud/signature.ts'
import { selectField } from './fields.ts'
import { html, type Html } from './html.ts'
import { cut, showable, shown } from './messages/showable.ts'
import type { PageView } from './page-view.ts'
import { fill, fillText } from './words.ts'

const LONGEST_BODY = 20_000

type Filters = { reason?: Delivery['reason'] | undefined; replayed?: boolean | undefined }

export function deliveryList(
  items: readonly Delivery[],
  { reason, replayed }: Filters,
  view: PageView,
): Html {
  const { pages } = view
  const words = pages.deliveries
  const reasons = DELIVERY_REASONS.map((each) => [each, pages.reasons[each]] as const)
  const choices = [['false', words.no] as const, ['true', words.yes] as const]
  return html`<p class="quiet">${words.about}</p>
    <form class="filters" action="/console/deliveries" role="search" aria-label="${pages.filter}">
      ${selectField('reason', words.reason, reasons, reason, pages.any)}
      ${selectField('replayed', words.replayed, choices, replayed === undefined ? undefined : String(replayed), pages.any)}
      <button>${pages.apply}</button>
    </form>
    ${
      items.length === 0
        ? html`<p>${pages.nothing}</p>`
        : html`<ul class="cards">
            ${items.map((item) => itemOf(item, view))}
          </ul>`
    }`
}

function itemOf(delivery: Delivery, view: PageView): Html {
  const { id, reason, detail, receivedAtMs, replayOutcome } = delivery
  const { pages, writeTime } = view
  const { one, lastReplay } = pages.deliveries
  return html`<li>
    <p class="head">
      <a href="/console/deliveries/${id}">${fillText(one, { id })}</a>
      <span class="quiet">${writeTime(receivedAtMs)}</span>
    </p>
    <p>${pages.reasons[reason]}: ${shown(detail)}</p>
    <p class="quiet">
      ${shown(addressOf(delivery))}
      ${replayOutcome && html`· ${lastReplay}: ${outcomeName(replayOutcome, view)}`}
    </p>
  </li>`
}

function addressOf({ kind, reason, detail }: Delivery): string {
  return reason === 'unknown_address' ? detail : `/callbacks/${kind}`
}

/** @param tried what a replay would do, when that was asked for */
export function deliveryMain(delivery: Delivery, tried: Replayed | null, view: PageView): Html {
  return html`${tried && verdict(tried, view)} ${settleForm(delivery, view)}
  ${replayForm(delivery, tried !== null, view)} ${factsOf(delivery, view)} ${bodyOf(delivery, view)}`
}

function verdict({ outcome, detail, messageId }: Replayed, view: PageView): Html {
  const { would, toMessage, unchanged } = view.pages.deliveries
  return html`<div role="status">
    <p>${fill(would, { outcome: outcomeName(outcome, view) })}</p>
    <p>${shown(detail)}</p>
    ${messageId === null ? null : html`<p><a href="/console/messages/${messageId}">${toMessage}</a></p>`}
    <p class="quiet">${unchanged}</p>
  </div>`
}

/** For another text of a message that is no change of it yet. */
function settleForm(delivery: Delivery, { pages: { deliveries: words } }: PageView): Html | null {
  const { id, reason, replayOutcome, otherTextOf, nonceReused } = delivery
  if (otherTextOf === null || (replayOutcome ?? reason) !== 'conflict') return null
  return html`<form class="actions" method="post" action="/console/deliveries/${id}/settle">
    <p>${words.otherText} <a href="/console/messages/${otherTextOf}">${words.toMessage}</a></p>
    ${nonceReused ? html`<p>${words.forged}</p>` : null}
    <button name="as" value="edit">${words.asEdit}</button>
  </form>`
}

function replayForm({ id }: Delivery, wasTried: boolean, { pages: { deliveries: words } }: PageView): Html {
  const dryRun = String(!wasTried)
  const name = wasTried ? words.replay : words.tryReplay
  return html`<form class="actions" method="post" action="/console/deliveries/${id}/replay">
    <button name="dryRun" value="${dryRun}">${name}</button>
  </form>`
}

function factsOf(delivery: Delivery, view: PageView): Html {
  const { pages, writeTime } = view
  const words = pages.deliveries
  const { reason, detail, receivedAtMs, appKey, remoteAddress, query, contentType } = delivery
  const { replayedAtMs, replayOutcome } = delivery
  const replayed =
    replayedAtMs === null ? words.no : `${outcomeName(replayOutcome ?? '', view)}, ${writeTime(replayedAtMs)}`
  const facts: [name: string, value: string | null][] = [
    [words.reason, pages.reasons[reason]],
    [words.detail, detail],
    [words.received, writeTime(receivedAtMs)],
    [words.address, addressOf(delivery)],
    [pages.conversations.app, appKey],
    [words.from, remoteAddress],
    [words.contentType, contentType],
    [words.query, withoutSignature(query)],
    [words.lastReplay, replayed],
  ]
  return html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value && shown(value)}</dd>`,
    )}
  </dl>`
}

function bodyOf({ body, bodyEncoding }: Delivery, { pages: { deliveries: words } }: PageView): Html {
  const start = cut(body, LONGEST_BODY)
  const part = fillText(words.bodyPart, { shown: start.length, count: body.length })
  return html`<h2>${bodyEncoding === 'base64' ? words.bodyBase64 : words.body}</h2>
    <pre class="body" dir="auto" tabindex="0">${showable(start)}</pre>
    ${start.length < body.length ? html`<p class="quiet">${part}</p>` : null}`
}

function outcomeName(outcome: string, { pages }: PageView): string {
  const outcomes: Record<string, string> = pages.outcomes
  return Object.hasOwn(outcomes, outcome) ? (outcomes[outcome] ?? outcome) : outcome
}
