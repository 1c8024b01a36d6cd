/** Addresses out of messages. Only http and https lead anywhere; whatever else calls itself a link is text. */
import { html, type Html, type Piece } from '../html.ts'
import { shown } from './showable.ts'

const LONGEST_URL = 4096

/** As a browser would read it, or null. A name before the host is there to mislead, so that is no link either. */
export function httpUrl(text: string): URL | null {
  if (text.length > LONGEST_URL || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  const leadsThere = /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  return leadsThere ? url : null
}

/** Says where it leads, for the label is ours and the address is not. */
export function link(address: string, label: Piece): Html {
  const url = httpUrl(address)
  if (url === null) return html`<span class="no-link">${label}: ${shown(address)}</span>`
  return html`<span class="link">${anchor(url, label)} <span class="host">${shown(url.host)}</span></span>`
}

export function anchor({ href }: URL, label: Piece): Html {
  return html`<a href="${href}" target="_blank" rel="noreferrer noopener">${label}</a>`
}
