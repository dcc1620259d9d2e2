/*! Kantama, EUPL-1.2 */
// Everything works without this file.

const summary = document.querySelector('.error-summary')
summary?.focus()
// An address that ends in the form's own part takes the focus away again once all is loaded.
window.addEventListener('load', () => document.activeElement === document.body && summary?.focus())

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

// Questions that hang on an answer stand there from the start; here they come only with it. What was written stays, whatever is hidden.
for (const group of document.querySelectorAll('[data-only-if]')) {
  const { onlyIf, option } = group.dataset
  const inputs = [...group.form.elements].filter((input) => input.name === onlyIf)
  const show = () => {
    group.hidden = !inputs.some((input) => input.checked && input.value === option)
  }
  for (const input of inputs) input.addEventListener('change', show)
  show()
}

// A file that the server would refuse for its size is refused before it is sent.
for (const input of document.querySelectorAll('input[data-most-bytes]')) {
  const told = document.createElement('p')
  told.className = 'field__error'
  told.setAttribute('role', 'alert')
  input.after(told)
  input.addEventListener('change', () => {
    const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.mostBytes))
    told.textContent = isTooLarge ? input.dataset.tooLarge : ''
    if (isTooLarge) input.value = ''
  })
}

// Names suggested while one types. Without this, or without an answer, it is a field like any other.
for (const input of document.querySelectorAll('input[data-suggest]')) {
  const list = Object.assign(document.createElement('datalist'), { id: `${input.id}-names` })
  let timer
  let asked = ''
  const ask = async () => {
    const words = input.value.trim()
    if (words.length < 2 || words === asked) return
    asked = words
    const answer = await fetch(`${input.dataset.suggest}?${new URLSearchParams({ q: words })}`).catch(() => null)
    if (!answer?.ok || asked !== words) return
    const { names } = await answer.json()
    if (!list.isConnected) {
      input.after(list)
      input.setAttribute('list', list.id)
    }
    list.replaceChildren(...names.map((name) => Object.assign(document.createElement('option'), { value: name })))
  }
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(ask, 250)
  })
}

// A form that came back for a proof of work: a worker finds it, and the form goes again by itself.
for (const notice of document.querySelectorAll('[data-prove]')) {
  notice.focus()
  const form = notice.closest('form')
  const { proof } = form.elements
  const show = (isWorking) => {
    notice.querySelector('[data-working]').hidden = !isWorking
    notice.querySelector('[data-unproved]').hidden = isWorking
  }
  // Where the browser cannot do it, as over plain HTTP, the button is pressed once more as without scripts.
  if (window.crypto?.subtle) {
    show(true)
    const wait = (event) => event.preventDefault()
    form.addEventListener('submit', wait)
    const end = (solved) => {
      form.removeEventListener('submit', wait)
      if (!solved) return show(false)
      proof.value = solved
      form.requestSubmit()
    }
    const worker = new Worker(notice.dataset.prove)
    worker.onerror = () => end('')
    worker.onmessage = ({ data }) => end(data)
    worker.postMessage(proof.value)
  }
}
