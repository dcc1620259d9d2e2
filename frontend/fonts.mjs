// Cuts the families down to what Finnish, Swedish and Sami need, and writes
// their @font-face rules. The display face is fixed at its title size (opsz 36).
// Cut fonts may not carry a reserved name (OFL 1.1, 3), hence "Kantama Text".
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import subsetFont from 'subset-font'

const range = (from, to) =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('')

// Everyday text in one small file; names and Sami letters in a second, loaded when met.
const SETS = {
  latin: {
    text: range(0x20, 0x7e) + range(0xa0, 0xff) + '\u2010\u2011–—‘’‚“”„†•…‰‹›€−\u2009\u202f',
    unicodeRange: 'U+20-7E, U+A0-FF, U+2009-2011, U+2013-2026, U+202F, U+2030, U+2039-203A, U+20AC, U+2212',
  },
  'latin-ext': {
    text: range(0x100, 0x17f) + 'ƷʒǤǥǦǧǨǩǮǯȘșȚțʹẞ',
    unicodeRange: 'U+100-17F, U+1B7, U+1E4-1E9, U+1EE-1EF, U+218-21B, U+292, U+2B9, U+1E9E',
  },
}
const FEATURES = ['kern', 'liga', 'locl', 'mark', 'mkmk', 'ccmp', 'tnum', 'lnum', 'pnum']
const FACES = [
  { name: 'text', family: 'Kantama Text', pkg: 'source-sans-3', axis: 'wght', style: 'normal', weights: [400, 700] },
  { name: 'text-italic', family: 'Kantama Text', pkg: 'source-sans-3', axis: 'wght', style: 'italic', weights: [400, 700] },
  { name: 'display', family: 'Kantama Display', pkg: 'newsreader', axis: 'opsz', style: 'normal', weights: [480, 480], opsz: 36 },
  { name: 'display-2', family: 'Kantama Display 2', pkg: 'literata', axis: 'opsz', style: 'normal', weights: [480, 480], opsz: 36 },
]

const DOCUMENT_FACES = {
  'source-sans-3': ['400Regular/SourceSans3_400Regular.ttf', '700Bold/SourceSans3_700Bold.ttf'],
  ubuntu: ['400Regular/Ubuntu_400Regular.ttf'],
}

export async function buildFonts(outdir) {
  await mkdir(outdir, { recursive: true })
  const rules = []
  const licences = new Map()
  for (const face of FACES) {
    const root = `node_modules/@fontsource-variable/${face.pkg}`
    licences.set(face.pkg, await readFile(`${root}/LICENSE`, 'utf8'))
    for (const [set, { text, unicodeRange }] of Object.entries(SETS)) {
      const source = await readFile(`${root}/files/${face.pkg}-${set}-${face.axis}-${face.style}.woff2`)
      const [min, max] = face.weights
      const variationAxes = { wght: min === max ? min : { min, max }, ...(face.opsz && { opsz: face.opsz }) }
      const file = `${face.name}-${set}.woff2`
      const cut = await subsetFont(source, text, { targetFormat: 'woff2', keepFeatures: FEATURES, variationAxes, noHinting: true })
      await writeFile(`${outdir}/${file}`, cut)
      rules.push(
        `@font-face{font-family:"${face.family}";font-style:${face.style};font-weight:${min === max ? "400 700" : `${min} ${max}`};` +
          `font-display:swap;src:url(./fonts/${file}) format("woff2");unicode-range:${unicodeRange}}`,
      )
    }
  }
  // Whole, and only for the pictures that the server draws: one of the faces that may stand by the emblem, and pages take the reader's own.
  const ubuntu = 'node_modules/@fontsource/ubuntu'
  await copyFile(`${ubuntu}/files/ubuntu-latin-400-normal.woff2`, `${outdir}/emblem.woff2`)
  licences.set('ubuntu', await readFile(`${ubuntu}/LICENSE`, 'utf8'))
  // Whole and as TTF, for documents: typst reads nothing else, and sets letters of any name.
  for (const [pkg, files] of Object.entries(DOCUMENT_FACES)) {
    const root = `node_modules/@expo-google-fonts/${pkg}`
    for (const file of files) await copyFile(`${root}/${file}`, `${outdir}/${file.split('/').at(-1)}`)
    licences.set(`${pkg} (documents)`, await readFile(`${root}/LICENSE_FONT`, 'utf8'))
  }
  await writeFile(`${outdir}/LICENCES.txt`, [...licences].map(([pkg, text]) => `== ${pkg} ==\n${text}`).join('\n\n'))
  return rules.join('\n')
}
