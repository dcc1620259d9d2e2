/*! Kantama, EUPL-1.2 */
import './editorial.js'
import './measured.js'
import './picture.js'
import './quick_log.js'
import './segment.js'
import './smart.js'

// A file that is too large is told so before it is sent: what else stands in the form stays there. Without this, the server says it.
document.addEventListener(
  'change',
  (event) => {
    const input = event.target
    if (!(input instanceof HTMLInputElement) || input.type !== 'file' || !input.dataset.mostBytes) return
    const note = input.parentElement.querySelector('.too-large') ?? document.createElement('p')
    note.className = 'too-large error-message'
    note.setAttribute('role', 'alert')
    const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.mostBytes))
    note.textContent = isTooLarge ? input.dataset.tooLarge : ''
    input.after(note)
    if (isTooLarge) {
      input.value = ''
      event.stopPropagation()
    }
  },
  true,
)

// Who presses a button while the page is being saved by itself has pressed it a moment later: the form goes out when that is done. Two at once
// would make two pages of a new one, and the second would be refused for the first one's address.
const savingNow = new WeakSet()
const pressed = new WeakMap()
document.addEventListener('w-autosave:save', (event) => {
  if (!event.defaultPrevented) savingNow.add(event.target)
})
for (const end of ['w-autosave:success', 'w-autosave:error']) {
  document.addEventListener(end, ({ target: form }) => {
    savingNow.delete(form)
    if (!pressed.has(form)) return
    const button = pressed.get(form)
    pressed.delete(form)
    // A button that shows that it works is disabled, and would not be told to the server.
    const wasDisabled = button?.disabled
    if (button) button.disabled = false
    form.requestSubmit(button)
    if (button) button.disabled = wasDisabled
  })
}
document.addEventListener(
  'submit',
  (event) => {
    if (!savingNow.has(event.target)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    pressed.set(event.target, event.submitter)
  },
  true,
)

// The checks beside the editor take the server a while: they are asked for only while their panel is open, at each opening and whenever the draft
// has saved itself. The panel that was open at the last visit is open from the start.
const askGate = () => document.querySelector('[data-side-panel=gate]:not([hidden]) [data-gate]')?.dispatchEvent(new CustomEvent('k-gate:ask'))
window.addEventListener('load', askGate)
document.addEventListener('w-autosave:success', askGate)
document.addEventListener('show', ({ target }) => target.matches?.('[data-side-panel=gate]') && askGate(), true)

// The sheet of all languages: words that stand beside a field are put into it, and a link's tags around what is chosen there. Without this they are
// copied and typed.
for (const tool of document.querySelectorAll('.k-sheet [data-words], .k-sheet .k-sheet__tools')) tool.hidden = false
document.addEventListener('click', ({ target }) => {
  const tool = target instanceof Element && target.closest('.k-sheet [data-words], .k-sheet [data-around]')
  if (!tool) return
  const area = tool.closest('.k-sheet__cell').querySelector('textarea')
  const { selectionStart: start, selectionEnd: end, value } = area
  area.focus()
  const { words, around } = tool.dataset
  area.setSelectionRange(around ? start : 0, around ? end : value.length)
  area.setRangeText(around ? `<a id="${around}">${value.slice(start, end)}</a>` : words, area.selectionStart, area.selectionEnd, 'end')
  area.dispatchEvent(new Event('input', { bubbles: true }))
})

// Answers to a search for contacts: arrow keys go from the field into the list and back, Enter opens. Typing goes on from any answer.
// The field has the focus at once, and the page stays at its top.
window.addEventListener('load', () => document.querySelector('[data-search-contacts] input[name=q]')?.focus({ preventScroll: true }))
document.addEventListener('keydown', (event) => {
  const form = document.querySelector('[data-search-contacts]')
  if (!form || !['ArrowDown', 'ArrowUp'].includes(event.key) || event.altKey || event.ctrlKey || event.metaKey) return
  const input = form.querySelector('input[name=q]')
  const places = [input, ...document.querySelectorAll('#answers a')]
  const at = places.indexOf(document.activeElement)
  if (at < 0) return
  event.preventDefault()
  places[Math.min(Math.max(at + (event.key === 'ArrowDown' ? 1 : -1), 0), places.length - 1)].focus()
})
