/** What all pages of the console have in common. */
import { html, type Html, type Piece } from './html.ts'
import type { PageView } from './page-view.ts'

export type Page = {
  title: string
  main: Piece
  /** Which entry of the navigation this is; null where nobody is signed in. */
  section: Section | null
  /** Scripts and style sheets that this page needs besides, in this order. */
  files?: readonly string[]
  /** Address of this page, when it is not the one that was asked for. */
  here?: string
}

const SECTIONS = {
  conversations: '/console',
  search: '/console/search',
  live: '/console/live',
  overview: '/console/overview',
  completeness: '/console/completeness',
  deliveries: '/console/deliveries',
  accesses: '/console/accesses',
} as const
export type Section = keyof typeof SECTIONS

// What comes back is what was asked for, at once, from here alone.
const HTMX_CONFIG = JSON.stringify({ mode: 'same-origin', history: 'reload', defaultSettleDelay: 0 })

export function layout({ title, main, section, here, files = [] }: Page, view: PageView): Html {
  const { words, pages } = view
  return html`<!doctype html>
    <html lang="${words.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${pages.product}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/console/assets/console.css" />
        <meta name="htmx-config" content="${HTMX_CONFIG}" />
        ${['htmx.min.js', 'console.js', ...files].map(reference)}
      </head>
      <body>
        <a class="skip" href="#main">${pages.skip}</a>
        <header class="top">
          <p class="product">${pages.product}</p>
          ${section && navigation(section, view)} ${languageSwitch(here ?? view.here, view)}
          ${section && signOut(view)}
        </header>
        <main id="main" tabindex="-1">
          <h1>${title}</h1>
          ${main}
        </main>
      </body>
    </html>`
}

function reference(file: string): Html {
  const path = `/console/assets/${file}`
  if (file.endsWith('.css')) return html`<link rel="stylesheet" href="${path}" />`
  // Libraries are classic scripts, ours are modules; either runs when the page is there, in this order.
  return file.endsWith('.min.js')
    ? html`<script src="${path}" defer></script>`
    : html`<script src="${path}" type="module"></script>`
}

function navigation(current: Section, { pages }: PageView): Html {
  const entries = Object.entries(SECTIONS) as [Section, string][]
  return html`<nav aria-label="${pages.navigation}">
    <ul>
      ${entries.map(([section, path]) => html`<li>${navigationLink(path, pages.sections[section], section === current)}</li>`)}
    </ul>
  </nav>`
}

function navigationLink(path: string, name: string, isCurrent: boolean): Html {
  return isCurrent
    ? html`<a href="${path}" aria-current="true">${name}</a>`
    : html`<a href="${path}">${name}</a>`
}

// In its own language, for whoever cannot read this one.
function languageSwitch(here: string, { language }: PageView): Html {
  const [other, name, tag] = language === 'zh' ? ['en', 'English', 'en'] : ['zh', '中文', 'zh-CN']
  const url = new URL(here, 'http://console.invalid')
  url.searchParams.set('lang', other ?? '')
  return html`<a
    class="language"
    href="${url.pathname + url.search}"
    lang="${tag ?? ''}"
    hreflang="${tag ?? ''}"
    >${name ?? ''}</a
  >`
}

function signOut({ pages }: PageView): Html {
  return html`<form method="post" action="/console/sign-out"><button>${pages.signOut}</button></form>`
}
