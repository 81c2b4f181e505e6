// Messages become syntax trees while building, so that the page needs neither a message compiler nor eval.
import { baseCompile } from '@intlify/message-compiler'
import type { Plugin } from 'vite'

type Tree = { [key: string]: string | Tree }

function compile(tree: Tree, where: string): unknown {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => {
      if (typeof value !== 'string') return [key, compile(value, `${where}.${key}`)]
      const fail = (error: Error) => {
        throw new Error(`${where}.${key}: ${error.message}`)
      }
      return [key, baseCompile(value, { jit: true, minify: true, location: false, onError: fail }).ast]
    }),
  )
}

export function precompiledMessages(): Plugin {
  return {
    name: 'tingan-messages',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/i18n\/messages\/[\w-]+\.json$/.test(id)) return null
      return { code: JSON.stringify(compile(JSON.parse(code) as Tree, id)), map: null } // vite makes the module
    },
  }
}
