// What the console's pages do in a browser besides htmx. Every page works without it.

// Nothing of an old page may be looked at after signing out.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload()
})
