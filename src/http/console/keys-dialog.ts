/** What the keys of a conversation do; `client/keys.js` opens it. */
import { html, type Html } from './html.ts'
import type { PageView } from './page-view.ts'

export function keysDialog({ pages: { keys } }: PageView): Html {
  const rows = [
    [['j', '↓'], keys.next],
    [['k', '↑'], keys.previous],
    [['g', 'Home'], keys.oldest],
    [['G', 'End'], keys.newest],
    [['Enter'], keys.open],
    [['/'], keys.search],
    [['?'], keys.help],
  ] as const
  return html`<dialog class="keys" id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">${keys.title}</h2>
    <dl>
      ${rows.map(
        ([names, does]) =>
          html`<dt>${names.map((name) => html`<kbd>${name}</kbd> `)}</dt>
            <dd>${does}</dd>`,
      )}
    </dl>
    <label><input type="checkbox" id="letter-keys" /> ${keys.work}</label>
    <form method="dialog"><button>${keys.close}</button></form>
  </dialog>`
}
