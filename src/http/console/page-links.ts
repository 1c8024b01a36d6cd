/** Ways from one page of a list to another. */
import { html, type Html } from './html.ts'
import type { PageView } from './page-view.ts'

/** This address with other parameters; null takes one away. What was left empty in a form is left out. */
export function addressWith(here: string, changes: Readonly<Record<string, string | null>>): string {
  const url = new URL(here, 'http://console.invalid')
  url.searchParams.delete('lang')
  const isBlank = (name: string) => url.searchParams.getAll(name).every((value) => value === '')
  for (const name of new Set(url.searchParams.keys())) if (isBlank(name)) url.searchParams.delete(name)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  }
  return url.pathname + url.search
}

/**
 * @param next cursor of the next page, null on the last
 * @param nextName what going on is called
 */
export function pageLinks(
  next: string | null,
  { here, pages }: PageView,
  nextName: string = pages.nextPage,
): Html {
  const isFirst = !new URL(here, 'http://console.invalid').searchParams.has('cursor')
  const link = (cursor: string | null, name: string) =>
    html`<a href="${addressWith(here, { cursor })}">${name}</a>`
  return html`<nav class="pages" aria-label="${nextName}">
    ${isFirst ? null : link(null, pages.firstPage)} ${next === null ? null : link(next, nextName)}
  </nav>`
}
