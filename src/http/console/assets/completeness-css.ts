/** How the calendar of hours looks; its box scrolls where it is wider than the page. */
export const COMPLETENESS_CSS = `
.hours th, .hours td { padding: 0.0625rem; border: 0; min-width: 0; text-align: center; vertical-align: middle;
  font-variant-numeric: tabular-nums; }
.hours th:first-child { position: sticky; inset-inline-start: 0; padding-inline-end: 0.5rem; background: var(--page);
  text-align: start; }
.hours a, .legend > li > span:first-child { display: block; min-width: 1.75rem; padding: 0.25rem 0; border: 1px solid transparent;
  border-radius: 0.25rem; text-align: center; text-decoration: none; font-weight: 600; line-height: 1.25; }
.hours a:hover { text-decoration: underline; }
.hours .proven, .legend .proven { color: var(--ink); background: var(--own); }
.hours .open, .legend .open { color: var(--link); background: var(--bubble); border-color: var(--line); }
.hours .gap, .legend .gap { color: var(--warning); background: var(--warning-ground); border-color: var(--warning); }
.hours .too_old, .legend .too_old { color: var(--quiet); background: var(--bar); }
.legend { display: grid; gap: 0.5rem; margin: 0; padding: 0; list-style: none; }
.legend > li { display: grid; grid-template-columns: 1.75rem 1fr; gap: 0.75rem; align-items: start; }
.one-hour { margin: 1rem 0; padding: 0.25rem 0.75rem 0.75rem; background: var(--bubble); border-radius: 0.5rem; }
.one-hour h2 { margin-top: 0.5rem; }
.one-hour h3 { font-size: 1rem; margin: 0.75rem 0 0; }
.one-hour .facts { margin: 0.5rem 0; }
.one-hour .facts dd { font-variant-numeric: tabular-nums; }
@media (max-width: 40rem) { .hours .year { position: absolute; clip-path: inset(50%); } }
`
