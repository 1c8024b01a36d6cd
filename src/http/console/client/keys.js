// Keys of a conversation; `keys-dialog.ts` tells of them. Letters can be switched off, for those who speak to their computer.

const LETTERS_OFF = 'console.letter-keys-off'
const TAB_STOP = '.message[tabindex="0"]'
// What stands above the messages hides those below it.
const BAR_HEIGHT = 100

const found = document.querySelector('.chat')
const help = document.querySelector('dialog.keys')
if (found && help instanceof HTMLDialogElement) {
  offer(help)
  moveTabStop(found)
  addEventListener('keydown', (event) => {
    const action = isOurs(event) ? actionOf(event, found, help) : undefined
    if (!action) return
    event.preventDefault()
    action()
  })
}

/** @param {HTMLDialogElement} dialog */
function offer(dialog) {
  const button = document.querySelector('.keys-button')
  if (button instanceof HTMLElement) {
    button.hidden = false
    button.addEventListener('click', () => dialog.showModal())
  }
  const letters = dialog.querySelector('#letter-keys')
  if (!(letters instanceof HTMLInputElement)) return
  letters.checked = areLettersOn()
  letters.addEventListener('change', () => {
    if (letters.checked) localStorage.removeItem(LETTERS_OFF)
    else localStorage.setItem(LETTERS_OFF, '1')
  })
}

function areLettersOn() {
  return localStorage.getItem(LETTERS_OFF) === null
}

/** One message at a time is reached by Tab: the one where one was last. @param {Element} chat */
function moveTabStop(chat) {
  const ensure = () => {
    if (!chat.querySelector(TAB_STOP)) firstSeen(chat)?.setAttribute('tabindex', '0')
  }
  ensure()
  // It may have been dropped at the far end.
  chat.addEventListener('htmx:after:swap', ensure)
  chat.addEventListener('focusin', ({ target }) => {
    const message = target instanceof Element && target.closest('.message')
    if (!message) return
    chat.querySelector(TAB_STOP)?.setAttribute('tabindex', '-1')
    message.setAttribute('tabindex', '0')
  })
}

/** @param {KeyboardEvent} event */
function isOurs({ target, ctrlKey, altKey, metaKey, isComposing, defaultPrevented }) {
  if (ctrlKey || altKey || metaKey || isComposing || defaultPrevented) return false
  return !(
    target instanceof Element &&
    target.closest('input, select, textarea, dialog, audio, video, [contenteditable]')
  )
}

/** @param {KeyboardEvent} event @param {Element} chat @param {HTMLDialogElement} dialog */
function actionOf({ key, target }, chat, dialog) {
  const message = target instanceof Element && target.matches('.message') ? target : null
  const step = (/** @type {number} */ by) => () => focusOn(neighbour(chat, by))
  const first = () => focusOn(messagesIn(chat)[0])
  const last = () => focusOn(messagesIn(chat).at(-1))
  /** @type {Record<string, () => void>} */
  const letters = {
    j: step(1),
    k: step(-1),
    g: first,
    G: last,
    '/': goToSearch,
    '?': () => dialog.showModal(),
  }
  /** @type {Record<string, () => void>} */
  const onMessage = {
    ArrowDown: step(1),
    ArrowUp: step(-1),
    Home: first,
    End: last,
    Enter: () => clickOn(message?.querySelector('a.history')),
  }
  return (areLettersOn() && letters[key]) || (message && onMessage[key]) || undefined
}

/** Of the message where one is, else of the first that is seen. @param {Element} chat @param {number} by */
function neighbour(chat, by) {
  const messages = messagesIn(chat)
  const at = messages.findIndex((message) => message.contains(document.activeElement))
  if (at !== -1) return messages[at + by]
  return firstSeen(chat)
}

/** @param {Element} chat */
function firstSeen(chat) {
  return messagesIn(chat).find((message) => message.getBoundingClientRect().top > BAR_HEIGHT)
}

/** @param {Element} chat */
function messagesIn(chat) {
  return [...chat.querySelectorAll('.message')]
}

/** @param {Element | undefined} message */
function focusOn(message) {
  if (message instanceof HTMLElement) message.focus()
}

/** @param {Element | null | undefined} link */
function clickOn(link) {
  if (link instanceof HTMLElement) link.click()
}

function goToSearch() {
  clickOn(document.querySelector('.search-here'))
}
