import { builtinModules } from 'node:module'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, loadEnv, type Plugin } from 'vite'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const BUILTINS = new Set(builtinModules)

/** Files that run on the server only, by their place and name (docs/architecture.md, kinds). */
const SERVER_KINDS: readonly RegExp[] = [
  /^src\/platform\//,
  /^src\/engines\/[^/]+\/server\//,
  /^src\/domains\/.*\/(store|commands|routes|jobs|server)\.ts$/,
  /^src\/.*\.server\.ts$/,
  /^src\/app\/(?!.*\.web\.ts$).*\.ts$/,
]

export function isServerKind(path: string): boolean {
  return SERVER_KINDS.some((kind) => kind.test(path))
}

/** [WEB-2] Fails the build where a page reaches a server file or a module of Node; Vite by itself would bundle both with a warning. */
export function browserOnly(root: string = HERE): Plugin {
  return {
    name: 'baoxue:browser-only',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      const from = placeOf(root, importer)
      if (source.startsWith('node:') || BUILTINS.has(source)) {
        this.error(`${from} reaches the Node module "${source}"; it cannot run in the browser`)
      }
      const found = await this.resolve(source, importer, { ...options, skipSelf: true })
      if (found !== null && isServerKind(placeOf(root, found.id))) {
        this.error(`${from} reaches ${placeOf(root, found.id)}, a server file; it cannot run in the browser`)
      }
      return found
    },
  }
}

function placeOf(root: string, id: string | undefined): string {
  return id === undefined ? 'the entry' : relative(root, id.split('?')[0] ?? id).replaceAll('\\', '/')
}

export default defineConfig(({ mode }) => {
  const port = loadEnv(mode, HERE, 'PORT').PORT ?? '3000'
  return {
    root: `${HERE}src/app`,
    plugins: [browserOnly(), react()],
    server: { proxy: { '/api': `http://127.0.0.1:${port}` } },
    build: {
      outDir: `${HERE}dist`,
      emptyOutDir: true,
      target: 'es2022',
      // Everything from the own origin: no fonts, scripts or pictures from elsewhere, none inlined past the content policy.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 900,
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
              { name: 'tanstack', test: /node_modules\/@tanstack\// },
              { name: 'zod', test: /node_modules\/zod\// },
              { name: 'antd', test: /node_modules\/(antd|@ant-design|@rc-component|dayjs)\// },
            ],
          },
        },
      },
    },
  }
})
