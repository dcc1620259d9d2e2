// The editorial calendar: an act is dragged to another day, or picked up with Enter and carried with the arrow keys. Without this its "Move" leads to a
// form. Each way sends that form; the server says what became of it, and a screen reader hears it.
const DAY = 86_400_000
const board = document.querySelector('[data-editorial]')

if (board) {
  const said = board.querySelector('[data-said]')
  const token = board.querySelector('[name=csrfmiddlewaretoken]').value
  const inWords = new Intl.DateTimeFormat(document.documentElement.lang || 'fi', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })
  let carried = null
  let dragged = null

  const say = (text) => {
    said.textContent = text
  }
  const words = (name, entry) => board.dataset[name].replace('{title}', entry.dataset.title)
  const cell = (day) => board.querySelector(`[data-day="${day}"]`)
  const mark = (day) => {
    for (const one of board.querySelectorAll('.cal__day--target')) one.classList.remove('cal__day--target')
    if (day) cell(day)?.classList.add('cal__day--target')
  }
  const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
  const after = (day, number) => new Date(Date.parse(day) + number * DAY).toISOString().slice(0, 10)

  const settle = (entry, answer) => {
    entry.dataset.seen = answer.day
    entry.className = `cal__entry cal__entry--${answer.state}`
    entry.querySelector('[data-state]').textContent = answer.state_label
    const place = cell(answer.day)
    const old = entry.closest('[data-day]')
    place.querySelector('[data-entries]').append(entry)
    place.classList.remove('cal__day--empty')
    if (old && !old.querySelector('.cal__entry')) old.classList.add('cal__day--empty')
  }
  const send = async (entry, day) => {
    const body = new FormData()
    for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token, to: day, seen: entry.dataset.seen })) body.set(name, value)
    const sent = await fetch(entry.dataset.move, { method: 'POST', body, headers: { Accept: 'application/json' } }).catch(() => null)
    const answer = sent?.headers.get('Content-Type')?.startsWith('application/json') ? await sent.json() : null
    if (!answer) return say(board.dataset.failed)
    if (!sent.ok) {
      // Whoever was second knows now where it stands, and may move it again.
      if ('seen' in answer) entry.dataset.seen = answer.seen
      return say(answer.said)
    }
    if (!cell(answer.day)) return location.assign(answer.url)
    settle(entry, answer)
    say(answer.said)
  }

  // ---- by keyboard
  const end = () => {
    board.classList.remove('cal--moving')
    mark(null)
    const { entry, handle } = carried
    carried = null
    handle.removeAttribute('aria-pressed')
    return entry
  }
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
  board.addEventListener('click', (event) => {
    const handle = event.target.closest('[data-pick]')
    // Pressed by a key, and not by a pointer: that leads to the form.
    if (!handle || event.detail !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    if (carried) return
    const entry = handle.closest('.cal__entry')
    const from = entry.dataset.seen
    carried = { entry, handle, day: from && from > today() ? from : today() }
    board.classList.add('cal--moving')
    mark(carried.day)
    say(words('picked', entry))
  })
  board.addEventListener('keydown', async (event) => {
    if (!carried) return
    if (event.key === 'Escape' || event.key === 'Tab') {
      const entry = end()
      say(words('kept', entry))
      if (event.key === 'Escape') event.preventDefault()
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      const { day, handle } = carried
      await send(end(), day)
      handle.focus()
    } else if (event.key in STEPS) {
      event.preventDefault()
      const day = after(carried.day, STEPS[event.key])
      if (day >= today()) carried.day = day
      mark(carried.day)
      cell(carried.day)?.scrollIntoView({ block: 'nearest' })
      say(inWords.format(new Date(carried.day)))
    }
  })

  // ---- by drag
  for (const entry of board.querySelectorAll('.cal__entry')) entry.draggable = Boolean(entry.dataset.move || entry.dataset.why)
  board.addEventListener('dragstart', (event) => {
    const entry = event.target.closest?.('.cal__entry')
    if (!entry) return
    if (!entry.dataset.move) {
      // Why it stays is said when somebody tries.
      event.preventDefault()
      return say(entry.dataset.why ?? '')
    }
    dragged = entry
    event.dataTransfer.effectAllowed = 'move'
    event.dataTransfer.setData('text/plain', entry.dataset.title)
    board.classList.add('cal--moving')
  })
  board.addEventListener('dragover', (event) => {
    const place = dragged && event.target.closest('[data-day]')
    if (!place || place.dataset.day < today()) return
    event.preventDefault()
    mark(place.dataset.day)
  })
  board.addEventListener('drop', (event) => {
    const place = dragged && event.target.closest('[data-day]')
    if (!place) return
    event.preventDefault()
    send(dragged, place.dataset.day)
  })
  board.addEventListener('dragend', () => {
    dragged = null
    board.classList.remove('cal--moving')
    mark(null)
  })
}
