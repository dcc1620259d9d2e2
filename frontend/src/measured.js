// How long a text is to its account's network, while it is typed. The server counts, so that there is one way of counting.
const about = (target) => {
  const id = /^(id_.+)-(text|link|account)$/.exec(target.id ?? '')?.[1]
  const field = id && document.getElementById(`${id}-text`)
  return field?.dataset.measured ? { field, id } : null
}

const tell = async ({ field, id }) => {
  const [link, account] = ['link', 'account'].map((name) => document.getElementById(`${id}-${name}`)?.value ?? '')
  const token = document.querySelector('[name=csrfmiddlewaretoken]')?.value ?? ''
  const body = new URLSearchParams({ text: field.value, link, account })
  const answer = await fetch(field.dataset.measured, { method: 'POST', body, headers: { 'X-CSRFToken': token } })
  if (!answer.ok) return
  const { told, is_wrong: isWrong } = await answer.json()
  let line = document.getElementById(`${id}-measured`)
  if (!line) {
    line = Object.assign(document.createElement('p'), { id: `${id}-measured`, className: 'help' })
    line.setAttribute('role', 'status')
    field.after(line)
  }
  line.textContent = told
  line.style.fontWeight = isWrong ? 'bold' : ''
}

const pending = new Map()
const soon = ({ target }) => {
  const found = about(target)
  if (!found) return
  clearTimeout(pending.get(found.field))
  pending.set(found.field, setTimeout(() => tell(found), 250))
}
for (const event of ['input', 'change', 'focusin']) document.addEventListener(event, soon)
