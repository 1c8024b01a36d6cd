/** The numbers as a table, which is what the script draws: without it, or without eyes, the table is there. */
import type { Bucket } from '../../../archive/message-counts.ts'
import { kindName } from '../conversation-names.ts'
import { html, type Html } from '../html.ts'
import { plain } from '../messages/showable.ts'
import { addressWith } from '../page-links.ts'
import type { PageView } from '../page-view.ts'
import { fillText, typeName } from '../words.ts'
import { isByDay, RANGES, type Range } from './range.ts'
import type { Series } from './series.ts'

export const DIMENSIONS = ['type', 'channel'] as const
export type By = (typeof DIMENSIONS)[number]

export type Plot = {
  range: Range
  by: By
  buckets: readonly Bucket[]
  series: readonly Series[]
  uncounted: number
}

export function plotOf({ range, by, buckets, series, uncounted }: Plot, view: PageView): Html {
  const words = view.pages.overview
  const total = series.reduce((sum, each) => sum + each.total, 0)
  const title = isByDay(range) ? words.perDay : words.perHour
  return html`<section aria-labelledby="sent">
    <h2 id="sent">${title}</h2>
    <div class="choices">
      ${choices('range', words.range, RANGES, range, words.ranges, view)}
      ${choices('by', words.by, DIMENSIONS, by, words.dimensions, view)}
    </div>
    <p>${fillText(words.total, { count: numberOf(total, view) })}</p>
    ${uncounted > 0 ? html`<p class="error">${fillText(words.uncounted, { count: numberOf(uncounted, view) })}</p>` : null}
    <div class="plot" data-plot-of="numbers" hidden></div>
    <details>
      <summary>${words.asTable}</summary>
      <div class="table" tabindex="0" role="region" aria-label="${title}">
        ${tableOf({ range, by, buckets, series }, view)}
      </div>
    </details>
  </section>`
}

function choices<T extends string>(
  name: string,
  label: string,
  all: readonly T[],
  chosen: T,
  names: Readonly<Record<T, string>>,
  { here }: PageView,
): Html {
  const link = (each: T) =>
    each === chosen
      ? html`<a href="${addressWith(here, { [name]: each })}" aria-current="true">${names[each]}</a>`
      : html`<a href="${addressWith(here, { [name]: each })}">${names[each]}</a>`
  return html`<nav class="choice" aria-label="${label}">${all.map(link)}</nav>`
}

function tableOf({ range, by, buckets, series }: Omit<Plot, 'uncounted'>, view: PageView): Html {
  const { time, rest } = view.pages.overview
  const nameOf = (name: string) => (by === 'type' ? plain(typeName(view.words, name)) : kindName(name, view))
  // `2024-12-19 16:00`; the year is in the way where there are hours.
  const writeStart = (ms: number) => view.writeTime(ms).slice(...(isByDay(range) ? [0, 10] : [5, 16]))
  return html`<table id="numbers">
    <thead>
      <tr>
        <th scope="col">${time}</th>
        ${series.map(({ name }) => html`<th scope="col">${name === null ? rest : nameOf(name)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${buckets.map(
        ([startMs], place) =>
          html`<tr>
            <th scope="row">${writeStart(startMs)}</th>
            ${series.map(({ values }) => html`<td>${values[place] ?? 0}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`
}

export function numberOf(count: number, { words }: PageView): string {
  return count.toLocaleString(words.language)
}
