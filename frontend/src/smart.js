// The SMART check beside a goal's form: asked for anew while somebody types. Without this it is as old as the page.
for (const panel of document.querySelectorAll('[data-smart]')) {
  const form = panel.closest('form')
  if (!form) continue
  let waiting = 0
  let asked = 0
  let last = ''
  const ask = async () => {
    const data = new FormData(form)
    const text = new URLSearchParams([...data].filter(([, value]) => typeof value === 'string')).toString()
    if (text === last) return
    last = text
    const number = ++asked
    const answer = await fetch(panel.dataset.smart, { method: 'POST', body: data }).catch(() => null)
    if (number !== asked || !answer?.ok) return
    const fresh = document.createElement('div')
    fresh.innerHTML = await answer.text()
    // What is as it was is left alone: a screen reader hears only of what changed.
    for (const part of panel.querySelectorAll('[data-part]')) {
      const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`)
      if (other && other.innerHTML !== part.innerHTML) part.innerHTML = other.innerHTML
    }
  }
  const soon = () => {
    clearTimeout(waiting)
    waiting = setTimeout(ask, 400)
  }
  // A row that is added or taken away is no input: its button is pressed.
  for (const event of ['input', 'change', 'click']) form.addEventListener(event, soon)
}
