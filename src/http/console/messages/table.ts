/** Names and values that came from outside, each as long as a person would read. */
import { textOfValue } from '../../../rongcloud/message-types/readable-text.ts'
import { html, type Html } from '../html.ts'
import { cut, showable, shown } from './showable.ts'

const LONGEST_VALUE = 2000
const MOST_ROWS = 200

export type Row = readonly [name: string, value: unknown]

export function table(rows: readonly Row[]): Html {
  return html`<dl>${rows.slice(0, MOST_ROWS).map(row)}</dl>`
}

function row([name, value]: Row): Html {
  return html`<dt>${shown(name)}</dt>
    <dd dir="auto">${valueOf(value)}</dd>`
}

function valueOf(value: unknown): string {
  const text = textOfValue(value)
  const start = cut(text, LONGEST_VALUE)
  return showable(start) + (start.length < text.length ? '…' : '')
}
