// Endless scroll: what stays in the page, and where one stands in it. htmx fetches the parts. It runs before anything is
// seen, so that nothing jumps and no part is fetched for a place where nobody stands.

// Of fifty messages each.
const MOST_PARTS = 10

const opened = document.querySelector('.chat')
if (opened instanceof HTMLElement) {
  standWhereOpened(opened)
  keepPlace(opened)
  opened.addEventListener('htmx:before:request', () => opened.setAttribute('aria-busy', 'true'))
  opened.addEventListener('htmx:finally:request', () => opened.removeAttribute('aria-busy'))
}

/** A browser itself goes to what the address names after its `#`. @param {HTMLElement} chat */
function standWhereOpened(chat) {
  if (location.hash !== '') return
  const target = chat.querySelector('.message[aria-current]')
  if (target) target.scrollIntoView({ block: 'center' })
  else if (chat.dataset.opened === 'newest') scrollTo(0, document.documentElement.scrollHeight)
}

/** What one reads stays where it is, whatever comes or goes above it. @param {HTMLElement} chat */
function keepPlace(chat) {
  let topBefore = 0
  chat.addEventListener('htmx:before:swap', ({ target }) => {
    topBefore = topOf(target)
  })
  chat.addEventListener('htmx:after:swap', ({ target }) => {
    if (!(target instanceof Element)) return
    while (chat.children.length > MOST_PARTS) farEnd(chat, target)?.remove()
    scrollBy(0, topOf(target) - topBefore)
  })
}

/** @param {HTMLElement} chat @param {Element} way where a part was added */
function farEnd(chat, way) {
  return way.matches('.before') ? chat.lastElementChild : chat.firstElementChild
}

/** Of the messages beside a way. @param {EventTarget | null} way */
function topOf(way) {
  const message = way instanceof Element && way.closest('.part')?.querySelector('.message')
  return message ? message.getBoundingClientRect().top : 0
}
