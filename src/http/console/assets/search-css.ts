/** How the search and what it finds look, and the filters of any list. */
export const SEARCH_CSS = `
form.search { display: grid; gap: 0.5rem; margin: 0 0 1rem; }
.search .asking { display: flex; gap: 0.5rem; align-items: flex-start; }
.search .asking .field { flex: 1; }
.search .asking button { margin-top: 1.275rem; }
form > .filtering { margin: 0 0 1rem; }
form.search > .filtering { margin: 0; }
.filtering .fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(9rem, 100%), 1fr));
  gap: 0.5rem 1rem; align-items: end; padding-top: 0.5rem; }
.search .fields { align-items: start; }
.filtering .fields > button { justify-self: start; }
.filtering summary { cursor: pointer; padding: 0.5rem 0; color: var(--link); }
.search p { margin: 0; }
.hint { font-size: 0.85rem; color: var(--quiet); }
.wrong { font-size: 0.85rem; color: var(--warning); }
.wrong:not(:empty) { margin: 0.125rem 0; }
.tally { display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0 0 0.5rem; color: var(--quiet); }
.tally p { margin: 0; }
#working { visibility: hidden; }
#working.htmx-request { visibility: visible; }
.within { margin: 0 0 0.5rem; }
.snippet { white-space: pre-line; unicode-bidi: isolate; }
mark { background: var(--mention); color: var(--ink); border-radius: 0.125rem; font-weight: 600; }
@supports selector(::details-content) {
  @media (min-width: 40rem) {
    .filtering summary { display: none; }
    .filtering .fields { grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); padding-top: 0; }
    .filtering::details-content { content-visibility: visible; display: block; block-size: auto; }
  }
}
`
