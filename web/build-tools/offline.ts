// After the bundle: the service worker with the list of what the phone place needs, and smaller twins of every file.
import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { OutputAsset, OutputChunk } from 'rollup'
import { type Plugin, transformWithEsbuild } from 'vite'

type Bundle = Record<string, OutputAsset | OutputChunk>

// What one place loads: its chunks, what they import, their styles; `also` follows some dynamic imports.
export function filesOf(bundle: Bundle, roots: (chunk: OutputChunk) => boolean): string[] {
  const files = new Set<string>()
  const visit = (name: string) => {
    const chunk = bundle[name]
    if (files.has(name) || chunk?.type !== 'chunk') return
    files.add(name)
    chunk.viteMetadata?.importedCss.forEach((css) => files.add(css))
    chunk.viteMetadata?.importedAssets.forEach((asset) => files.add(asset))
    chunk.imports.forEach(visit)
  }
  for (const [name, chunk] of Object.entries(bundle)) if (chunk.type === 'chunk' && roots(chunk)) visit(name)
  return [...files].sort()
}

const kPhone = /\/src\/(main\.ts|places\/(field|take|login)\/|offline\/orderBox\.ts|i18n\/messages\/(common|login|field|orders)\.json)/
const kPhoneChunks = /^(base|field|field-later|field-store)$/

// Asked for with the page itself, before any script has run.
const kFirstAnswers = ['/api/v1/me/steps?limit=100', '/api/v1/plans']

function isForPhone(chunk: OutputChunk): boolean {
  if (chunk.isEntry || kPhoneChunks.test(chunk.name)) return true
  return chunk.facadeModuleId !== null && kPhone.test(chunk.facadeModuleId)
}

export function offline(): Plugin {
  return {
    name: 'tingan-offline',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_options, bundle) {
      const list = filesOf(bundle, isForPhone)
      const page = bundle['index.html']
      // The phone's own page (static_files.cpp serves it for /field) names at once what it will need.
      if (page?.type === 'asset') {
        const first = filesOf(bundle, (chunk) => chunk.name === 'field')
        const links = first.map((name) =>
          name.endsWith('.css') ? `<link rel="stylesheet" href="/${name}" />` : `<link rel="modulepreload" href="/${name}" />`,
        )
        const answers = kFirstAnswers.map((path) => `<link rel="preload" as="fetch" crossorigin href="${path}" />`)
        const whole = String(page.source)
        const fresh = [...answers, ...links].filter((link) => !whole.includes(/href="([^"]*)"/.exec(link)?.[1] ?? link))
        this.emitFile({ type: 'asset', fileName: 'field.html', source: whole.replace('</head>', `${fresh.map((link) => `  ${link}\n  `).join('')}</head>`) })
      }
      const hash = createHash('sha256').update(list.join())
      if (page?.type === 'asset') hash.update(page.source)
      const source = readFileSync(new URL('../src/offline/sw.ts', import.meta.url), 'utf8')
      const worker = await transformWithEsbuild(source, 'sw.ts', {
        minify: true,
        define: {
          __VERSION__: JSON.stringify(hash.digest('hex').slice(0, 16)),
          __FILES__: JSON.stringify(['/', ...list.map((name) => `/${name}`), '/icon.svg', '/manifest.webmanifest']),
        },
      })
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: worker.code.replace(/export\s*\{\s*\};?\s*$/, '') }) // a classic script
    },
  }
}

export function twins(): Plugin {
  return {
    name: 'tingan-twins',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          if (!/\.(js|css|html|svg|json|webmanifest)$/.test(name)) continue
          const bytes = Buffer.from(file.type === 'chunk' ? file.code : file.source)
          if (bytes.length < 600) continue
          const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
          this.emitFile({ type: 'asset', fileName: `${name}.br`, source: brotliCompressSync(bytes, quality) })
          this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gzipSync(bytes, { level: 9 }) })
        }
      },
    },
  }
}
