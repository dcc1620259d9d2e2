// A segment while it is built: after each change the sentence and the number are asked for anew. Without this the buttons of the form do it.
for (const form of document.querySelectorAll('[data-segment]')) {
  let asked = 0
  const count = async (number) => {
    const answer = await fetch(form.dataset.segment, { method: 'POST', body: new FormData(form) })
    if (number === asked && answer.ok) form.querySelector('#segment-counted').innerHTML = await answer.text()
  }
  for (const change of ['input', 'change']) {
    form.addEventListener(change, () => {
      const number = ++asked
      setTimeout(() => number === asked && count(number), 200)
    })
  }
}
