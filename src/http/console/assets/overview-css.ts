/** How the overview looks; its script and the plot's own style sheet do the rest. */
export const OVERVIEW_CSS = `
h2 { font-size: 1.125rem; margin: 1.5rem 0 0.5rem; }
.choices { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; }
.choice { display: flex; flex-wrap: wrap; gap: 0.25rem; }
.choice a { padding: 0.375rem 0.75rem; border: 1px solid var(--line); border-radius: 0.375rem; background: var(--bubble);
  text-decoration: none; }
.choice a[aria-current] { color: var(--ink); background: var(--bar); border-color: var(--quiet); font-weight: 600; }
.plot { margin: 0.5rem 0; background: var(--bubble); border-radius: 0.5rem; overflow: hidden; }
.plot .uplot { padding: 0.5rem 0; font: inherit; }
.plot .u-legend { display: flex; flex-wrap: wrap; margin: 0 0.75rem; width: auto; font-size: 0.85rem; text-align: start; }
.plot .u-legend tr { margin: 0; min-width: 11rem; border: 0; }
.plot .u-legend tr:first-child { min-width: 100%; }
.plot .u-legend tr:first-child .u-marker { display: none; }
.plot .u-legend th, .plot .u-legend td { border: 0; padding: 0.125rem 0.25rem; color: var(--ink); min-width: 0; }
.plot .u-legend th { font-weight: 400; }
.plot .u-legend td { font-weight: 600; font-variant-numeric: tabular-nums; }
.plot .u-legend .u-marker { width: 1.5rem; height: 0; margin-inline-end: 0.375rem; border-width: 3px 0 0 !important; }
summary:not(.message summary) { cursor: pointer; padding: 0.5rem 0; }
#numbers td { text-align: end; font-variant-numeric: tabular-nums; }
#numbers thead th { white-space: normal; text-align: end; vertical-align: bottom; }
#numbers th:first-child { text-align: start; }
.health { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: 0.5rem; margin: 0; }
.health > div { padding: 0.75rem; background: var(--bubble); border-radius: 0.5rem; }
.health dt { color: var(--quiet); font-size: 0.85rem; }
.health dd { margin: 0; font-size: 0.85rem; }
.health dd.value { font-size: 1.125rem; font-weight: 600; overflow-wrap: anywhere; }
.health dd .quiet { font-size: 0.85rem; font-weight: 400; }
ul.plain { list-style: none; margin: 0; padding: 0; font-size: 1rem; }
`
