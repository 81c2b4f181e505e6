import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

type Tree = { [key: string]: string | Tree }
const kFolder = new URL('./messages/', `file://${process.cwd()}/src/i18n/`)

function leaves(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : leaves(value, `${prefix}${key}.`),
  )
}
const slots = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

describe.each(readdirSync(kFolder))('%s', (file) => {
  const { zh, en } = JSON.parse(readFileSync(new URL(file, kFolder), 'utf8')) as { zh: Tree; en: Tree }
  const chinese = new Map(leaves(zh))
  const english = new Map(leaves(en))

  it('says everything in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
  })
  it('fills the same slots in both', () => {
    for (const [key, text] of chinese) expect([key, slots(english.get(key) ?? '')]).toEqual([key, slots(text)])
  })
  it('has no empty or untranslated words', () => {
    for (const [key, text] of english) {
      expect(text.trim(), key).not.toBe('')
      if (!key.startsWith('language')) expect(text, key).not.toMatch(/[一-鿿]/)
    }
  })
})
