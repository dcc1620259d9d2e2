// node build.mjs: styles, scripts and fonts into site/base/static/kantama/.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { buildFonts } from './fonts.mjs'

process.chdir(fileURLToPath(new URL('.', import.meta.url)))
const outdir = '../site/base/static/kantama'

// File names stay plain: Django's manifest storage adds the hashes, in the CSS as well.
await rm(outdir, { recursive: true, force: true })
const fontFaces = await buildFonts(`${outdir}/fonts`)
const options = {
  bundle: true,
  minify: true,
  outdir,
  legalComments: 'inline',
  target: ['chrome111', 'firefox113', 'safari16.4'],
  external: ['./fonts/*'],
  loader: { '.svg': 'copy' },
  assetNames: '[name]',
  logLevel: 'info',
}
await esbuild.build({ ...options, entryPoints: ['src/site.css'], banner: { css: fontFaces } })
await esbuild.build({ ...options, entryPoints: ['src/site.js', 'src/reach.js', 'src/prove.js', 'src/admin.css', 'src/admin.js', 'src/network.js'] })

// Both schemes at once, for the preview of a theme's look: the tokens by attribute instead of by what the reader prefers.
const tokens = await readFile('src/tokens.css', 'utf8')
const DARK = /@media screen and \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}\s*\}/g
const dark = [...tokens.matchAll(DARK)].map((found) => found[1]).join('')
const light = [...tokens.replace(DARK, '').matchAll(/:root \{([^}]*)\}/g)].map((found) => found[1]).join('').replace('color-scheme: light dark;', '').replace('--quick: 0s;', '')
const schemes = `@layer tokens{[data-scheme=light]{color-scheme:light;${light}}[data-scheme=dark]{color-scheme:dark;${light}${dark}}}`
const { code } = await esbuild.transform(schemes + (await readFile('src/look.css', 'utf8')), { loader: 'css', minify: true })
await writeFile(`${outdir}/schemes.css`, code)
