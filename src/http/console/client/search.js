// Searching while one types. The form says when; this keeps it from asking for half a word.

// What an input method has not finished writing (pinyin on its way to Chinese) is nobody's question yet.
let isComposing = false
addEventListener('compositionstart', () => {
  isComposing = true
})
addEventListener('compositionend', (event) => {
  isComposing = false
  event.target?.dispatchEvent(new Event('input', { bubbles: true }))
})
addEventListener('htmx:config:request', (event) => {
  if (isComposing) event.preventDefault()
})

// The page in the other language is the one that the address bar now holds.
addEventListener('htmx:after:history:replace', () => {
  const other = document.querySelector('a.language')
  if (!(other instanceof HTMLAnchorElement)) return
  const address = new URL(location.href)
  address.searchParams.set('lang', new URL(other.href).searchParams.get('lang') ?? '')
  other.href = address.href
})
