import { expect, it } from 'vitest'
import { kEmpty, press } from './calculator'

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
