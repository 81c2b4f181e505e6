import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { capTrouble, checkFilled, isDate, isMobile, isPassport, isResidentId, matches, parseMoney, residentIdCheck, todayOf } from './fieldCheck'
import type { BusinessType, Filled } from './types'

type Yes = Record<string, boolean>
interface Vectors {
  mobile: Yes
  resident_id: Yes
  passport: Yes
  date: Yes
  money: Record<string, number | null>
  patterns: [string, string, boolean][]
  types: { type: Record<string, unknown>; filled: (Filled & { wrong: string[] })[] }[]
}
const vectors = JSON.parse(readFileSync(`${process.cwd()}/../tests/vectors/field-check.json`, 'utf8')) as Vectors
const today = { year: 2026, month: 11, day: 24 }
const title = { zh: '项', en: 'Field' }

function typeOf(raw: Record<string, unknown>): BusinessType {
  const fields = (raw.fields as Record<string, unknown>[]).map((field) => ({
    ...field,
    title,
    choices: ((field.choices ?? []) as string[]).map((id) => ({ id, title })),
  }))
  const documents = (raw.documents as Record<string, unknown>[]).map((document) => ({ ...document, title }))
  return { cap_item_fen: 0, cap_total_fen: 0, ...raw, title, fields, documents } as unknown as BusinessType
}

describe("the program's own vectors", () => {
  it.each(Object.entries(vectors.mobile))('mobile %s: %s', (text, good) => expect(isMobile(text)).toBe(good))
  it.each(Object.entries(vectors.resident_id))('resident id %s: %s', (text, good) => expect(isResidentId(text, today)).toBe(good))
  it.each(Object.entries(vectors.passport))('passport %s: %s', (text, good) => expect(isPassport(text)).toBe(good))
  it.each(Object.entries(vectors.date))('date %s: %s', (text, good) => expect(isDate(text)).toBe(good))
  it.each(Object.entries(vectors.money))('money %s: %s', (text, fen) => expect(parseMoney(text)).toBe(fen))
  it.each(vectors.patterns)('%s like %s: %s', (text, pattern, good) => expect(matches(text, pattern)).toBe(good))
  it.each(vectors.types.flatMap(({ type, filled }) => filled.map((each) => [each.wrong.join(' ') || 'good', type, each] as const)))('%s', (_name, type, filled) => {
    expect(checkFilled(typeOf(type), filled, today).map((each) => `${each.code}:${each.where}`)).toEqual(filled.wrong)
  })
})

it('finds every single wrong digit of a resident id', () => {
  const good = '440524188001010014'
  for (let at = 0; at < 17; ++at) {
    for (const digit of '0123456789') {
      if (good[at] === digit) continue
      expect(residentIdCheck(good.slice(0, at) + digit + good.slice(at + 1))).not.toBe(good[17])
    }
  }
})

it('holds one order to its cap', () => {
  const type = { ...typeOf(vectors.types[0]!.type), cap_item_fen: 200_000 }
  const filled = (amount: string) => ({ name: '', mobile: '', documents: [], signature: '', fields: { amount } })
  expect(capTrouble(type, filled('2000'))).toBeNull()
  expect(capTrouble(type, filled('2000.01'))).toMatchObject({ code: 'order.over-cap', where: 'amount' })
})

it("takes the hall's day, not the device's", () => {
  expect(todayOf(Date.parse('2026-11-23T17:00:00Z'), 480)).toEqual({ year: 2026, month: 11, day: 24 })
})
