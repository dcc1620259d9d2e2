// A chart that can be had as SVG can be had as PNG: drawn here, from the same file, at twice its size. Without this there is the SVG.
for (const link of document.querySelectorAll('[data-picture]')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = link.className
  button.textContent = link.dataset.picture
  button.addEventListener('click', async () => {
    const picture = new Image()
    picture.src = link.href
    await picture.decode()
    const canvas = document.createElement('canvas')
    canvas.width = picture.naturalWidth * 2
    canvas.height = picture.naturalHeight * 2
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
    canvas.toBlob((blob) => {
      const made = document.createElement('a')
      made.href = URL.createObjectURL(blob)
      made.download = 'kantama.png'
      made.click()
      setTimeout(() => URL.revokeObjectURL(made.href), 1000)
    }, 'image/png')
  })
  const place = document.createElement('li')
  place.append(button)
  link.closest('li').after(place)
}
