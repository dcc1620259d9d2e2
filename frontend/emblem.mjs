// node emblem.mjs: draws the EU emblem after the geometry of Annex IX, computed, never traced,
// and writes it where templates, mails and PDFs take it from.
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const height = 540
const width = (height * 3) / 2
const ring = height / 3 // the circle that the stars stand on
const radius = height / 18 // the circle that each star fits in
const inner = radius * (Math.cos((72 * Math.PI) / 180) / Math.cos((36 * Math.PI) / 180))
const n = (value) => String(Math.round(value * 100) / 100)

function star(cx, cy) {
  const points = Array.from({ length: 10 }, (_, i) => {
    const r = i % 2 ? inner : radius
    const angle = (i * 36 * Math.PI) / 180 // from straight up: every star stands upright
    return `${n(cx + r * Math.sin(angle))} ${n(cy - r * Math.cos(angle))}`
  })
  return `M${points.join('L')}Z`
}

const stars = Array.from({ length: 12 }, (_, hour) => {
  const angle = (hour * 30 * Math.PI) / 180
  return star(width / 2 + ring * Math.sin(angle), height / 2 - ring * Math.cos(angle))
}).join('')
const shapes = `<path fill="#039" d="M0 0h${width}v${height}H0z"/><path fill="#fc0" d="${stars}"/>`
const box = `viewBox="0 0 ${width} ${height}" width="84" height="56"`
const base = new URL('../site/base/', import.meta.url)

await writeFile(
  fileURLToPath(new URL('static/base/eu-emblem.svg', base)),
  `<svg xmlns="http://www.w3.org/2000/svg" ${box} role="img"><title>The emblem of the European Union</title>${shapes}</svg>\n`,
)
await writeFile(
  fileURLToPath(new URL('templates/base/eu_emblem.html', base)),
  '{% comment %}The EU emblem. No context. Written by frontend/emblem.mjs: never edit, never restyle inside its rectangle.{% endcomment %}\n' +
    `<svg class="eu-emblem" ${box} aria-hidden="true" focusable="false">${shapes}</svg>\n`,
)
