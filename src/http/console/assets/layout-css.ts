/** How pages look around what they show. Colours are in `colours.ts`. */
const PAGE = `
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); line-height: 1.5;
  font-family: system-ui, -apple-system, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif; }
a { color: var(--link); }
:focus-visible, input:focus-within { outline: 2px solid var(--link); outline-offset: 2px; }
main { max-width: 64rem; margin: 0 auto; padding: 1rem; }
main:focus { outline: none; }
h1 { font-size: 1.375rem; margin: 0.5rem 0 1rem; overflow-wrap: anywhere; }
.skip { position: absolute; inset-inline-start: -100vw; }
.skip:focus { inset-inline-start: 0.5rem; top: 0.5rem; padding: 0.5rem 1rem; background: var(--bubble); z-index: 1; }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1rem; padding: 0.5rem 1rem;
  background: var(--bubble); border-bottom: 1px solid var(--line); }
.top .product { margin: 0; font-weight: 600; }
.top nav { flex: 1; }
.top ul { display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0; padding: 0; list-style: none; }
.top li a, .top .language { display: inline-block; padding: 0.5rem 0; }
.top a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
@media (max-width: 40rem) { .top .product { flex: 1; } .top nav { order: 1; flex-basis: 100%; } .top ul { column-gap: 0.75rem; } }
.error { color: var(--warning); background: var(--warning-ground); padding: 0.5rem 0.75rem; border-radius: 0.5rem;
  overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
`

const FORMS = `
input, select, button { font: inherit; color: var(--ink); background: var(--bubble); border: 1px solid var(--quiet);
  border-radius: 0.375rem; padding: 0.375rem 0.625rem; max-width: 100%; min-height: 2.5rem; }
button { cursor: pointer; background: var(--bar); }
form.filters { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: end; margin: 0 0 1rem; }
.field { display: flex; flex-direction: column; min-width: 0; }
.field label { font-size: 0.85rem; color: var(--quiet); }
form.sign-in { display: flex; flex-direction: column; gap: 0.5rem; max-width: 22rem; }
.actions { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 1rem 0; }
`

const LISTS = `
.pages { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin: 1rem 0; }
.pages a { padding: 0.5rem 0; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { text-align: start; vertical-align: top; padding: 0.375rem 0.75rem 0.375rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
td { overflow-wrap: anywhere; min-width: 5rem; }
td.time { white-space: nowrap; }
.cards { list-style: none; margin: 0; padding: 0; }
.cards > li { padding: 0.75rem; margin: 0 0 0.5rem; background: var(--bubble); border-radius: 0.5rem; }
.cards p { margin: 0; overflow-wrap: anywhere; }
.cards .head { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; }
.cards .last { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.facts { display: grid; grid-template-columns: minmax(6rem, auto) 1fr; gap: 0.125rem 0.75rem; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
pre.body { padding: 0.5rem; max-height: 30rem; overflow: auto; background: var(--inset); border-radius: 0.5rem;
  white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.8rem; }
`

const LIVE = `
.live-controls { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: center; margin: 0 0 1rem; }
.live-controls[hidden] { display: none; }
.live > .signal, .live > .left-out { background: none; padding-block: 0.125rem; font-size: 0.85rem; color: var(--quiet); }
.live > .signal .last { -webkit-line-clamp: 1; }
.live > .left-out { text-align: center; }
.live > .gone .last { text-decoration: line-through; text-decoration-color: var(--warning); }
@media (prefers-reduced-motion: no-preference) { .live > .new { animation: arrive 1.5s; } }
@keyframes arrive { from { background: var(--mention); } }
`

export const LAYOUT_CSS = PAGE + FORMS + LISTS + LIVE
