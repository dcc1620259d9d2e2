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

// A video at another service: nothing is asked of it before the reader presses the button that names it.
for (const place of document.querySelectorAll('[data-frame]')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button'
  button.textContent = place.dataset.press
  button.addEventListener('click', () => {
    const frame = document.createElement('iframe')
    Object.assign(frame, { src: place.dataset.frame, title: place.dataset.title, allow: 'autoplay; fullscreen; picture-in-picture' })
    frame.className = 'outside__frame'
    frame.referrerPolicy = 'strict-origin-when-cross-origin'
    place.replaceChildren(frame)
    place.classList.add('outside--shown')
    frame.focus()
  })
  place.querySelector('.actions').prepend(button)
}
