// Numbers as they stand on slips and blank forms; the same as src/core/acceptance/paper_number.cpp.
const digits = (n: number): string => String(n).padStart(6, '0')
export const orderNumber = (unit: string, n: number): string => `${unit}-${digits(n)}`
export const spanText = (span: { first: number; last: number }): string => (span.first === span.last ? digits(span.first) : `${digits(span.first)}–${digits(span.last)}`)

// Two check digits by ISO 7064 MOD 97-10 over letters (a = 10 .. z = 35) and digits.
export function numberCheck(number: string): string {
  let rest = 0
  for (const c of number.toLowerCase()) {
    const value = /[0-9]/.test(c) ? Number(c) : /[a-z]/.test(c) ? c.charCodeAt(0) - 87 : null
    if (value !== null) rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return String(98 - ((rest * 100) % 97)).padStart(2, '0')
}

// Nothing of the customer.
export const qrText = (number: string): string => `TA1:${number}:${numberCheck(number)}`

// What people write or scan: "123", "000123", "hall-a-000123", each also with its check digits, or the QR code's text.
// null: none of these, another hall's, or the check digits are wrong.
export function readNumber(unit: string, text: string): number | null {
  let rest = text.trim()
  if (rest.startsWith('TA1:')) rest = rest.slice(4)
  if (rest.startsWith(`${unit}-`)) rest = rest.slice(unit.length + 1)
  const match = /^(\d{1,9})(?:[-: ](\d\d))?$/.exec(rest)
  const n = Number(match?.[1] ?? 0)
  if (!match || n === 0) return null
  return match[2] && numberCheck(orderNumber(unit, n)) !== match[2] ? null : n
}
