import { expect, it } from 'vitest'
import { kEmpty, press, wordIn } from './calculator'

const typed = (keys: string) => [...keys].reduce(press, kEmpty).shown

it.each([
  ['12+7=', '19'],
  ['2+3×4=', '20'],
  ['0.1+0.2=', '0.3'],
  ['9−−4=', '5'],
  ['50%', '0.5'],
  ['7±', '-7'],
  ['1÷0=', '错误'],
  ['1÷0=5', '5'],
  ['123456789012345', '123456789012'],
  ['5+5=3', '3'],
  ['1..5', '1.5'],
  ['8C', '0'],
])('%s shows %s', (keys, shown) => expect(typed(keys)).toBe(shown))

const said = (keys: string) => {
  const words: string[] = []
  let sum = kEmpty
  for (const key of keys) {
    const word = wordIn(sum, key)
    if (word) words.push(word)
    sum = press(sum, key)
  }
  return { words, shown: sum.shown }
}

it.each([
  ['2468=', ['2468'], '2468'],
  ['12345678=', ['12345678'], '12345678'],
  ['2468==', ['2468'], '2468'],
  ['246=', [], '246'],
  ['123456789=', [], '123456789'],
  ['0246=', [], '246'],
  ['2000+468=', [], '2468'],
  ['24.68=', [], '24.68'],
  ['2468', [], '2468'],
  ['1+1=2468=', ['2468'], '2468'],
])('%s says %j and shows %s', (keys, words, shown) => expect(said(keys)).toEqual({ words, shown }))
