/*! Kantama, EUPL-1.2 */
// Everything works without this file.

const summary = document.querySelector('.error-summary')
summary?.focus()

// Counts one reading once the page has been in view for a second. No cookie, no identifier.
const { reachUrl, reachPage } = document.body.dataset
if (reachUrl && reachPage && navigator.doNotTrack !== '1' && !navigator.globalPrivacyControl) {
  let timer
  const wait = () => {
    clearTimeout(timer)
    if (document.visibilityState === 'visible') timer = setTimeout(send, 1000)
  }
  const send = () => {
    document.removeEventListener('visibilitychange', wait)
    navigator.sendBeacon(reachUrl, new URLSearchParams({ page: reachPage }))
  }
  document.addEventListener('visibilitychange', wait)
  wait()
}
