// What the console's pages do in a browser besides htmx. Every page works without it.
'use strict'

// Until a better reason to have a script: nothing of an old page may be looked at after signing out.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload()
})
