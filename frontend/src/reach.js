/*! Kantama, EUPL-1.2 */
// Counts one reading once the page has been in view for a second, and when it is left how far and how long it was read. No cookie, no identifier.

const { reachUrl, reachPage, reachSought } = document.body.dataset
if (reachUrl && navigator.doNotTrack !== '1' && !navigator.globalPrivacyControl) {
  const send = (told) => navigator.sendBeacon(reachUrl, new URLSearchParams({ page: reachPage, ...told }))
  const hostOf = (url) => URL.canParse?.(url) ? new URL(url).hostname : ''
  const isSeen = () => document.visibilityState === 'visible'

  const named = { ref: hostOf(document.referrer) }
  for (const [name, value] of new URLSearchParams(location.search)) if (/^utm_(source|medium|campaign)$/.test(name)) named[name.slice(4)] = value.slice(0, 200)

  let timer
  let isCounted = false
  let since = 0
  let spent = 0
  let depth = 0
  const look = () => {
    depth = Math.max(depth, ((scrollY + innerHeight) / document.documentElement.scrollHeight) * 100)
  }
  const watch = () => {
    clearTimeout(timer)
    if (since) spent += Date.now() - since
    since = isSeen() ? Date.now() : 0
    if (since && !isCounted) timer = setTimeout(count, 1000)
  }
  const count = () => {
    isCounted = true
    look()
    send(reachSought ? { kind: 'sought', term: reachSought } : named)
  }
  document.addEventListener('visibilitychange', watch)
  document.addEventListener('scroll', look, { passive: true })
  watch()

  // Once, also where the browser keeps the page for the way back.
  addEventListener('pagehide', () => {
    if (!isCounted || reachSought) return
    watch()
    send({ kind: 'read', depth: Math.min(100, Math.round(depth)), seconds: Math.round(spent / 1000) })
  }, { once: true })

  const follow = ({ target }) => {
    const link = target.closest?.('a[href^="http"]')
    if (link && link.hostname !== location.hostname) send({ kind: 'out', host: link.hostname })
  }
  addEventListener('click', follow)
  addEventListener('auxclick', follow)
}
