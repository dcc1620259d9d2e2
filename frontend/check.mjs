// npm run check: reads tokens.css, prints each colour in hex (mails need it) and fails when a
// contrast that the design promises does not hold, in either scheme. tests/themes holds it for the accents of themes.
import { readFile } from 'node:fs/promises'

const css = await readFile(new URL('src/tokens.css', import.meta.url), 'utf8')
const DARK = /@media screen and \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/g
const read = (text) => Object.fromEntries([...text.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((m) => [m[1], m[2]]))
const dark = [...css.matchAll(DARK)].map((m) => m[1]).join('')
const plain = css.replace(DARK, '')
const roots = [...plain.matchAll(/:root \{([^}]*)\}/g)].map((m) => m[1]).join('')

function linear(value, tokens) {
  const text = value
    .replace(/var\(--([\w-]+)\)/g, (_, name) => tokens[name])
    .replace(/calc\(([\d.]+) \* ([\d.]+)\)/g, (_, a, b) => a * b)
  const [L, C, h] = text.match(/oklch\(([^)]*)\)/)[1].split(' ').map(Number)
  const a = C * Math.cos((h * Math.PI) / 180)
  const b = C * Math.sin((h * Math.PI) / 180)
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((x) => Math.min(1, Math.max(0, x)))
}
const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b
const hex = (rgb) => '#' + rgb.map((x) => Math.round(255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055)).toString(16).padStart(2, '0')).join('')

const TEXT = [['ink', 'paper', 7], ['ink', 'paper-2', 7], ['ink-muted', 'paper', 7], ['ink-muted', 'paper-2', 5.5], ['signal', 'paper', 7],
  ['signal', 'paper-2', 5.5], ['signal-ink', 'signal', 7], ['signal-ink', 'signal-strong', 7], ['error', 'paper', 5.5], ['success', 'paper', 5.5],
  ['accent-text', 'paper', 5.5], ['accent-text', 'paper-2', 5.5], ['ink', 'accent-wash', 7], ['ink', 'signal-wash', 7], ['ink', 'error-wash', 7],
  ['ink', 'success-wash', 7], ['ink', 'mark-wash', 7], ['ink', 'field', 7], ['ink', 'depth-1', 4.5], ['ink', 'depth-2', 4.5],
  ['depth-3-ink', 'depth-3', 4.5], ['signal-ink', 'depth-4', 4.5]]
const GRAPHIC = ['control', 'accent', ...Array.from({ length: 8 }, (_, i) => `data-${i + 1}`)].map((name) => [name, 'paper', 3])

let broken = 0
for (const [scheme, base] of [['light', read(roots)], ['dark', { ...read(roots), ...read(dark) }]]) {
  const tokens = base
  console.log(`\n${scheme}`)
  for (const key of Object.keys(tokens)) if (tokens[key].startsWith('oklch')) console.log(`  ${key.padEnd(14)} ${hex(linear(tokens[key], tokens))}`)
  for (const [front, back, least] of [...TEXT, ...GRAPHIC, ['control', 'field', 3]]) {
    const [a, b] = [front, back].map((key) => luminance(linear(tokens[key], tokens)))
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (ratio < least) {
      broken += 1
      console.log(`  ! ${scheme}: ${front} on ${back} is ${ratio.toFixed(2)}, wanted ${least}`)
    }
  }
}
process.exitCode = broken ? 1 : 0
