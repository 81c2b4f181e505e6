import { expect, it } from 'vitest'
import { numberCheck, orderNumber, qrText, readNumber } from './number'

// "hall-a" is 17 10 21 21 10, then the digits; with the check digits the whole is 1 modulo 97.
const whole = (number: string) => [...number.replaceAll('-', '')].map((c) => (/\d/.test(c) ? c : String(c.charCodeAt(0) - 87))).join('')
it('has check digits that make the whole 1 modulo 97', () => {
  for (const n of [1, 123, 4711, 999_999]) {
    const number = orderNumber('hall-a', n)
    expect(BigInt(whole(number) + numberCheck(number)) % 97n).toBe(1n)
  }
})
it('reads a number in every way that people write it', () => {
  const check = numberCheck('hall-a-000123')
  for (const text of ['123', '000123', ' hall-a-000123 ', `000123-${check}`, `hall-a-000123 ${check}`, qrText('hall-a-000123')]) expect(readNumber('hall-a', text), text).toBe(123)
  for (const text of ['', '0', '12a', 'hall-b-000123', '-123', '1234567890', '123-4', '123-4x', '1.5', `000124-${check}`]) expect(readNumber('hall-a', text), text).toBeNull()
})
