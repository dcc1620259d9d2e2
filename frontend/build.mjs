// node build.mjs: styles, scripts and fonts into site/base/static/kantama/.
import { rm } from 'node:fs/promises'
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
await esbuild.build({ ...options, entryPoints: ['src/site.js', 'src/admin.css'] })
