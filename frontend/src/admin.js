/*! Kantama, EUPL-1.2 */
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
