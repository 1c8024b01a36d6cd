/** What is looked for, and where. A form as any other; with a script it is sent while one types. */
import type { FieldError } from '../../domain/errors.ts'
import { isListedByDefault } from '../../rongcloud/message-types/index.ts'
import { QUERY_MAX } from '../search/parameters.ts'
import { appField, filterFields, selectField, textField } from './fields.ts'
import { html, type Html, type Piece } from './html.ts'
import { shown } from './messages/showable.ts'
import type { PageView } from './page-view.ts'

/** As it stands in the address. */
export type Asked = Readonly<Record<string, string | undefined>>

const FILTERS = [
  'memberId',
  'sellerId',
  'userId',
  'conversationId',
  'appKey',
  'objectName',
  'startTime',
  'endTime',
  'order',
] as const
const A_DAY = /^(\d{4}-\d\d-\d\d)?$/

export function searchForm(
  asked: Asked,
  wrong: readonly FieldError[],
  apps: readonly string[],
  view: PageView,
): Html {
  const words = view.pages.search
  const inUse = FILTERS.filter((name) => asked[name]).length
  const isFilterWrong = wrong.some(({ field }) => field !== 'q' && isChecked(field))
  return html`<form
    class="search"
    action="/console/search"
    role="search"
    hx-get="/console/search"
    hx-target="#found"
    hx-trigger="input delay:300ms, change target:select, submit"
    hx-sync="this:replace"
    hx-indicator="#working"
  >
    <div class="asking">
      ${queryField(asked.q ?? '', wrong, view)}
      <button>${words.title}</button>
    </div>
    ${filterFields(fieldsOf(asked, wrong, apps, view), { inUse, isOpen: isFilterWrong }, view)}
  </form>`
}

function queryField(query: string, wrong: readonly FieldError[], view: PageView): Html {
  const { query: label, hint } = view.pages.search
  const focus = query === '' ? html`autofocus` : null
  return html`<div class="field">
    <label for="q">${label}</label>
    <input
      id="q"
      name="q"
      type="search"
      value="${query}"
      maxlength="${QUERY_MAX}"
      autocomplete="off"
      spellcheck="false"
      enterkeyhint="search"
      aria-describedby="q-wrong q-hint"
      ${focus}
    />
    ${wrongSlot('q', wrong, view)}
    <p class="hint" id="q-hint">${hint}</p>
  </div>`
}

function fieldsOf(
  asked: Asked,
  wrong: readonly FieldError[],
  apps: readonly string[],
  view: PageView,
): Piece[] {
  const { pages, words: names } = view
  const words = pages.search
  const text = (name: CheckedField | 'sellerId' | 'userId', label: string, more = {}) =>
    textField(name, label, asked[name], {
      below: isChecked(name) ? wrongSlot(name, wrong, view) : null,
      ...more,
    })
  // Days are picked; any other time that the address holds is kept as it is written there.
  const time = (name: CheckedField, label: string) =>
    text(name, label, { type: A_DAY.test(asked[name] ?? '') ? 'date' : 'text' })
  const types = Object.entries(names.types)
    .filter(([objectName]) => isListedByDefault(objectName))
    .map(([objectName, name]) => [objectName, `${name} (${objectName})`] as const)
  const order = asked.order === 'newest' ? undefined : asked.order
  return [
    text('memberId', words.member, { inputmode: 'numeric' }),
    text('sellerId', words.seller),
    text('userId', pages.conversations.user),
    text('conversationId', words.conversation, { inputmode: 'numeric' }),
    appField(apps, asked.appKey, view),
    selectField('objectName', words.type, types, asked.objectName, pages.any),
    time('startTime', words.from),
    time('endTime', words.until),
    selectField('order', words.order, [['relevance', words.relevance]], order, words.newest),
  ]
}

const CHECKED = ['q', 'memberId', 'conversationId', 'startTime', 'endTime'] as const
type CheckedField = (typeof CHECKED)[number]

function isChecked(name: string): name is CheckedField {
  return (CHECKED as readonly string[]).includes(name)
}

function wrongSlot(name: CheckedField, wrong: readonly FieldError[], view: PageView): Html {
  return html`<p class="wrong" id="${name}-wrong">${wrongAt(name, wrong, view)}</p>`
}

function wrongAt(name: CheckedField, wrong: readonly FieldError[], { pages }: PageView): string | null {
  return wrong.some(({ field }) => field === name) ? pages.search.wrong[name] : null
}

/** What is wrong beside each field of a form that stays where it is. */
export function wrongUpdates(wrong: readonly FieldError[], view: PageView): Html[] {
  return CHECKED.map(
    (name) => html`<p class="wrong" id="${name}-wrong" hx-swap-oob="true">${wrongAt(name, wrong, view)}</p>`,
  )
}

/** What is wrong and has no field to stand beside. */
export function wrongElsewhere(wrong: readonly FieldError[]): Html[] {
  return wrong
    .filter(({ field }) => !isChecked(field))
    .map(({ field, message }) => html`<p class="error">${shown(`${field} ${message}`)}</p>`)
}
