// Who was met: people are found while a name is typed, and each that is chosen becomes a ticked box. ArrowDown and ArrowUp go through the answers, Enter
// takes one, Escape closes them. Without this a button finds them, and boxes are ticked.
for (const place of document.querySelectorAll('[data-who]')) {
  const input = place.querySelector('input[name=who]')
  const chosen = place.querySelector('.k-who__chosen')
  const said = place.querySelector('[data-who-said]')
  place.querySelector('[data-who-find]').remove()

  const list = document.createElement('ul')
  list.id = `${input.id}-found`
  list.className = 'k-who__found'
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', document.querySelector(`label[for=${input.id}]`)?.textContent.trim() ?? '')
  list.hidden = true
  input.after(list)
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': list.id, 'aria-expanded': 'false' }))
    input.setAttribute(name, value)

  const options = () => [...list.querySelectorAll('[role=option]')]
  const active = () => list.querySelector('[aria-selected=true]')
  const show = (isOpen) => {
    list.hidden = !isOpen
    input.setAttribute('aria-expanded', String(isOpen))
    if (!isOpen) input.removeAttribute('aria-activedescendant')
  }
  const mark = (option) => {
    active()?.setAttribute('aria-selected', 'false')
    option.setAttribute('aria-selected', 'true')
    option.scrollIntoView({ block: 'nearest' })
    input.setAttribute('aria-activedescendant', option.id)
  }
  const take = ({ dataset: { person, name } }) => {
    const row = document.createElement('li')
    const label = document.createElement('label')
    const box = Object.assign(document.createElement('input'), { type: 'checkbox', name: 'people', value: person, checked: true })
    label.append(box, ` ${name}`)
    row.append(label)
    chosen.querySelector('ul').append(row)
    chosen.hidden = false
    said.textContent = `${name}: ${said.dataset.chosen}`
    input.value = ''
    show(false)
    input.focus()
  }

  let asked = 0
  let answered = Promise.resolve()
  const ask = async (number) => {
    const people = [...chosen.querySelectorAll('input:checked')].map(({ value }) => ['people', value])
    const answer = await fetch(`${place.dataset.who}?${new URLSearchParams([['who', input.value], ...people])}`)
    if (number !== asked || !answer.ok) return
    list.innerHTML = await answer.text()
    const [first] = options()
    show(Boolean(first))
    if (first) mark(first)
  }
  const soon = () => new Promise((done) => setTimeout(done, 120))
  input.addEventListener('input', () => {
    const number = ++asked
    answered = soon().then(() => (number === asked ? ask(number) : answered))
  })
  input.addEventListener('keydown', async (event) => {
    if (event.key === 'Enter' && input.value.trim()) {
      event.preventDefault()
      // Who types quickly presses Enter before the answer has come.
      await answered
      const option = active()
      if (option && !list.hidden) take(option)
    } else if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault()
      show(false)
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && !list.hidden) {
      event.preventDefault()
      const all = options()
      const next = all.indexOf(active()) + (event.key === 'ArrowDown' ? 1 : -1)
      mark(all[(next + all.length) % all.length])
    }
  })
  list.addEventListener('mousedown', (event) => {
    event.preventDefault()
    const option = event.target.closest('[role=option]')
    if (option) take(option)
  })
  input.addEventListener('blur', () => show(false))
}
