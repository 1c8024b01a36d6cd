/** Fields of forms, each with its label. */
import { html, type Html, type Piece } from './html.ts'
import type { PageView } from './page-view.ts'

type InputMore = {
  type?: 'text' | 'date'
  inputmode?: 'text' | 'numeric'
  /** What is wrong with it, of the id `name-wrong`. */
  below?: Html | null
}

export function textField(
  name: string,
  label: string,
  value: string | undefined,
  { type = 'text', inputmode = 'text', below = null }: InputMore = {},
): Html {
  const described = below && html`aria-describedby="${name}-wrong"`
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      inputmode="${inputmode}"
      value="${value ?? ''}"
      ${described}
    />
    ${below}
  </div>`
}

/** @param any what the choice of none is called */
export function selectField(
  name: string,
  label: string,
  choices: readonly (readonly [value: string, name: string])[],
  chosen: string | undefined,
  any: string,
): Html {
  const option = (value: string, text: string) =>
    value === (chosen ?? '')
      ? html`<option value="${value}" selected>${text}</option>`
      : html`<option value="${value}">${text}</option>`
  // What was asked for stays chosen, though it is none of ours.
  const isOther = chosen !== undefined && !choices.some(([value]) => value === chosen)
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}">
      ${option('', any)} ${choices.map(([value, text]) => option(value, text))}
      ${isOther ? option(chosen, chosen) : null}
    </select>
  </div>`
}

/** Null where there is nothing to choose from. */
export function appField(
  apps: readonly string[],
  chosen: string | undefined,
  { pages }: PageView,
): Html | null {
  if (apps.length < 2 && !chosen) return null
  const choices = apps.map((app) => [app, app] as const)
  return selectField('appKey', pages.conversations.app, choices, chosen, pages.any)
}

/**
 * Filters, which a small screen has folded away.
 * @param inUse how many of them narrow what is shown
 */
export function filterFields(
  fields: Piece,
  { inUse, isOpen }: { inUse: number; isOpen?: boolean },
  { pages }: PageView,
): Html {
  return html`<details class="filtering" ${isOpen ? html`open` : null}>
    <summary>${pages.filters}${inUse > 0 ? ` (${inUse})` : null}</summary>
    <div class="fields">${fields}</div>
  </details>`
}
