// Follows what arrives. Lines come as the server wrote them; an EventSource that loses its connection goes on where it was.

const MOST_LINES = 200
const TRY_AGAIN_MS = 10_000
// Streams end now and then and come back at once; nobody needs to hear of that.
const UNNOTICED_MS = 4000

const list = /** @type {HTMLElement} */ (document.getElementById('live'))
const controls = /** @type {HTMLElement} */ (document.getElementById('live-controls'))
const button = /** @type {HTMLButtonElement} */ (controls.querySelector('button'))
const status = /** @type {HTMLElement} */ (controls.querySelector('[role=status]'))
const address = new URL(String(list.dataset.stream), location.href)
/** @type {EventSource | null} */
let source = null
let timer = 0
let said = ''

/** @param {'connected' | 'reconnecting' | 'paused'} state */
const say = (state, afterMs = 0) => {
  // Each further try fails anew.
  if (state === said) return
  said = state
  clearTimeout(timer)
  timer = setTimeout(() => {
    status.textContent = String(status.dataset[state])
  }, afterMs)
}

const connect = () => {
  const own = new EventSource(address)
  source = own
  own.addEventListener('open', () => say('connected'))
  own.addEventListener('message', ({ data, lastEventId }) => {
    list.insertAdjacentHTML('afterbegin', data)
    list.firstElementChild?.classList.add('new')
    while (list.childElementCount > MOST_LINES) list.lastElementChild?.remove()
    address.searchParams.set('after', lastEventId)
  })
  own.addEventListener('beat', ({ lastEventId }) => address.searchParams.set('after', lastEventId))
  own.addEventListener('error', () => {
    say('reconnecting', UNNOTICED_MS)
    // After an answer that is no stream a browser gives up.
    if (own.readyState === EventSource.CLOSED)
      setTimeout(() => {
        if (source === own) connect()
      }, TRY_AGAIN_MS)
  })
}

const toggle = () => {
  if (source) {
    source.close()
    source = null
    say('paused')
  } else {
    connect()
    say('reconnecting', UNNOTICED_MS)
  }
  button.textContent = String(source ? button.dataset.pause : button.dataset.resume)
}

button.addEventListener('click', toggle)
addEventListener('keydown', (event) => {
  const isElsewhere =
    event.target instanceof Element && event.target.closest('a, button, input, select, summary')
  if (event.key !== ' ' || event.repeat || isElsewhere) return
  event.preventDefault()
  toggle()
})
controls.hidden = false
connect()
