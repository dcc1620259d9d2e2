// Says beside each variant's text how long it is to the account's network, while it is typed. The server counts: there is one way of counting.
{
  const address = document.currentScript.dataset.socialMeasured
  const named = (field, name) => document.getElementById(field.id.replace(/-text$/, `-${name}`))
  const isVariant = (field) => field instanceof HTMLElement && /^id_variants-\d+-(text|link|account)$/.test(field.id)
  const pending = new Map()

  const tell = async (field) => {
    const values = { text: field.value, link: named(field, 'link')?.value ?? '', account: named(field, 'account')?.value ?? '' }
    const token = document.querySelector('[name=csrfmiddlewaretoken]')?.value ?? ''
    const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(values), headers: { 'X-CSRFToken': token } })
    if (!answer.ok) return
    const { told, is_wrong: isWrong } = await answer.json()
    let line = document.getElementById(`${field.id}-measured`)
    if (!line) {
      line = Object.assign(document.createElement('p'), { id: `${field.id}-measured`, className: 'help' })
      line.setAttribute('role', 'status')
      field.after(line)
    }
    line.textContent = told
    line.style.fontWeight = isWrong ? 'bold' : ''
  }
  const soon = ({ target }) => {
    if (!isVariant(target)) return
    const field = document.getElementById(target.id.replace(/-(link|account)$/, '-text'))
    clearTimeout(pending.get(field))
    pending.set(field, setTimeout(() => tell(field), 250))
  }
  for (const event of ['input', 'change', 'focusin']) document.addEventListener(event, soon)
}
