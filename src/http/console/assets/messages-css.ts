/** How messages look. Classes alone: the page's policy allows no style in markup. */
import { COLOURS_CSS } from './colours.ts'

const MESSAGE = `
.message { display: flex; gap: 0.5rem; margin: 0; padding: 0.25rem; contain: layout paint; scroll-margin: 8rem 0 2rem; }
.message .body { min-width: 0; max-width: 100%; }
.message header { display: flex; gap: 0.5rem; align-items: baseline; font-size: 0.8rem; color: var(--quiet); }
.message .sender { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.message .when { color: inherit; white-space: nowrap; text-decoration: none; }
.message .when:is(:hover, :focus) { text-decoration: underline; }
.message footer { display: flex; flex-wrap: wrap; gap: 0 0.75rem; line-height: 1.5rem; font-size: 0.8rem; color: var(--quiet); }
.message footer > [open] { flex-basis: 100%; }
.message .exact { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: pre; }
.message :is(.when:hover, .when:focus) .exact, .message:focus .exact { position: static; width: auto; height: auto; clip-path: none; }
.message:is(:target, [aria-current]) .content { outline: 2px solid var(--link); outline-offset: 2px; }
@media (hover: hover) {
  .chat .message footer { opacity: 0; }
  :is(.bar, .line) footer:not(:has([open])) { position: absolute; inset-block-start: 0.5rem; inset-inline-end: 0.5rem; }
  .message:is(:hover, :focus, :focus-within) footer, .message footer:has([open]) { opacity: 1; }
}
.message :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.message summary { cursor: pointer; min-height: 1.5rem; }
.message a { color: var(--link); overflow-wrap: anywhere; }
.message footer > a { color: inherit; }
.message b.value { font-weight: 600; }
.aside { color: var(--quiet); font-size: 0.85em; }

.bubble .content { background: var(--bubble); color: var(--ink); border-radius: 0.75rem; padding: 0.5rem 0.75rem;
  width: fit-content; max-width: 100%; }
.bubble .body { max-width: min(42rem, 85%); display: grid; grid-template-columns: auto 1fr; column-gap: 0.75rem;
  align-items: baseline; }
.bubble .body > * { grid-column: 1 / -1; }
.bubble .body > header { grid-area: 1 / 1; }
.bubble footer:not(:has([open])) { grid-area: 1 / 2; }
.bubble.right { flex-direction: row-reverse; }
.bubble.right .body { grid-template-columns: 1fr auto; }
.bubble.right .body > header { grid-column: 2; flex-direction: row-reverse; }
.bubble.right footer:not(:has([open])) { grid-column: 1; }
.bubble.right footer { justify-content: end; }
.bubble.right .content { background: var(--own); margin-inline-start: auto; }
.portrait { flex: none; width: 2.25rem; height: 2.25rem; border-radius: 50%; color: var(--portrait);
  display: grid; place-items: center; font-weight: 600; overflow: hidden; }

.bar, .line { justify-content: center; text-align: center; }
.bar .body { background: var(--bar); color: var(--quiet); border-radius: 0.5rem; padding: 0.25rem 0.75rem;
  font-size: 0.9rem; }
.line .body { color: var(--quiet); font-size: 0.8rem; }
:is(.bar, .line) .body { display: flex; flex-wrap: wrap; justify-content: center; align-items: baseline; gap: 0 0.75rem; }
:is(.bar, .line) .content { min-width: 0; }
:is(.bar, .line) footer { flex-basis: 100%; justify-content: center; }
.bar footer, .line footer, .bar pre, .line pre { text-align: start; }
.gone .content { border: 1px dashed var(--warning); text-decoration: line-through; text-decoration-color: var(--warning); }
`

// Parts of a conversation stand one below another; where two meet, only one of them shows what both have.
const CHAT = `
.chat { padding: 0.25rem 0; }
main:has(> .chat) > h1 { position: sticky; top: 0; z-index: 2; background: var(--page); margin: 0; line-height: 2.5rem;
  font-size: 1.125rem; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.chat-bar { position: sticky; top: 2.5rem; z-index: 2; display: flex; align-items: center; gap: 0.5rem 1rem;
  padding-bottom: 0.375rem; background: var(--page); border-bottom: 1px solid var(--line); white-space: nowrap; }
.chat-bar .filters { margin: 0; flex: 1; flex-wrap: nowrap; gap: 0.5rem; }
.chat-bar .field { flex-direction: row; align-items: center; gap: 0.5rem; }
.day { position: sticky; top: 6rem; z-index: 1; width: fit-content; margin: 1rem auto 0.5rem; padding: 0.125rem 0.75rem;
  border-radius: 1rem; background: var(--bar); color: var(--quiet); font-size: 0.8rem; font-weight: 600;
  font-variant-numeric: tabular-nums; }
.part:not(:first-child) > :is(.before, .continued), .part:not(:last-child) > .after { display: none; }
.way { display: block; padding: 0.75rem; text-align: center; }
.way.htmx-request { color: var(--quiet); }
.keys { max-width: 24rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--bubble); color: var(--ink); }
.keys::backdrop { background: rgb(0 0 0 / 50%); }
.keys h2 { margin: 0 0 0.5rem; font-size: 1.125rem; }
.keys dl { display: grid; grid-template-columns: auto 1fr; gap: 0.25rem 1rem; margin: 0 0 1rem; }
.keys dd { margin: 0; }
.keys input { min-height: 0; }
.keys form { margin-top: 1rem; }
kbd { font: inherit; padding: 0 0.375rem; border: 1px solid var(--line); border-radius: 0.25rem; background: var(--inset); }
`

// Nothing in a message may reach beyond its own box, however long its words or high its accents.
const CONTENT = `
.content { overflow: clip; overflow-wrap: anywhere; unicode-bidi: isolate; }
.content p { margin: 0.125rem 0; }
.content .text { white-space: pre-wrap; overflow: clip; line-height: 1.5; }
.content .emoji { font-size: 1.25em; line-height: 1; }
.content .mention { background: var(--mention); color: var(--ink); border-radius: 0.25rem; padding: 0 0.125rem; }
.card .row { margin: 0.125rem 0; }
.card .title { white-space: pre-wrap; }
.card.file, .card.place, .card.contact, .card.article, .card.sound, .card.custom {
  border-inline-start: 0.25rem solid var(--line); padding-inline-start: 0.5rem; margin: 0.25rem 0; }
.message audio { display: block; max-width: 100%; height: 2.5rem; }
.thumbnail { display: block; max-width: min(15rem, 100%); max-height: 20rem; height: auto; border-radius: 0.5rem; }
.no-preview { display: inline-block; padding: 1rem; border: 1px dashed var(--line); border-radius: 0.5rem;
  color: var(--quiet); }
.link .host { color: var(--quiet); font-size: 0.8em; }
.no-link { color: var(--quiet); }
.quoted { margin: 0 0 0.375rem; padding: 0.25rem 0.5rem; border-inline-start: 0.25rem solid var(--line);
  background: var(--inset); font-size: 0.9em; }
.inside, .summary { margin: 0.25rem 0; padding-inline-start: 1.25rem; background: var(--inset); font-size: 0.9em; }
.message pre { margin: 0.25rem 0; padding: 0.5rem; max-height: 24rem; overflow: auto; background: var(--inset);
  color: var(--ink); border-radius: 0.5rem; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.8rem; }
.message dl { display: grid; grid-template-columns: minmax(6rem, auto) 1fr; gap: 0.125rem 0.75rem; margin: 0.25rem 0; }
.message dt { color: var(--quiet); overflow-wrap: anywhere; }
.message dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; overflow: clip; }
.whole[open] > .text { max-height: 60vh; overflow: auto; }
`

const MARKS = `
.marks { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem; margin: 0.25rem 0; padding: 0;
  font-size: 0.8rem; }
.mark { border-radius: 0.25rem; padding: 0.0625rem 0.375rem; overflow-wrap: anywhere; color: var(--quiet);
  background: var(--bar); }
.mark.warning { color: var(--warning); background: var(--warning-ground); }
@media (hover: none), (max-width: 30rem) { .keys-button { display: none; } }
@media (max-width: 30rem) { .chat-bar .field label { position: absolute; clip-path: inset(50%); }
  .chat-bar { gap: 0.5rem; } .chat-bar a { font-size: 0.9rem; } .chat-bar input { width: 8.75rem; padding-inline: 0.375rem; }
  .bubble .body { max-width: 92%; } .portrait { width: 1.75rem; height: 1.75rem; } }
`

export const MESSAGES_CSS = COLOURS_CSS + MESSAGE + CHAT + CONTENT + MARKS
