// The checks of src/core/acceptance/field_check.cpp, at once and without a node. tests/vectors/field-check.json holds
// the two to the same answers.
import type { Text } from '@/api/types'
import type { BusinessField, BusinessType, Filled } from './types'

export interface Trouble {
  code: string
  where: string
  text: Text
}
export interface Today {
  year: number
  month: number
  day: number
}

const both = (zh: string, en: string): Text => ({ zh, en })
const allDigits = (text: string) => /^\d+$/.test(text)

function dayExists(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(year, month - 1, day)
  return month >= 1 && day >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

export const isMobile = (text: string): boolean => /^1[3-9]\d{9}$/.test(text)

export function residentIdCheck(seventeen: string): string {
  const kWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = kWeights.reduce((total, weight, i) => total + weight * Number(seventeen[i]), 0)
  return '10X98765432'[sum % 11] ?? ''
}

export function isResidentId(text: string, today: Today): boolean {
  if (text.length !== 18 || !allDigits(text.slice(0, 17))) return false
  const [year, month, day] = [Number(text.slice(6, 10)), Number(text.slice(10, 12)), Number(text.slice(12, 14))]
  if (year < 1850 || !dayExists(year, month, day)) return false
  const born = year * 10_000 + month * 100 + day
  if (born > today.year * 10_000 + today.month * 100 + today.day) return false
  const last = text[17] === 'x' ? 'X' : text[17]
  return last === residentIdCheck(text)
}

export const isPassport = (text: string): boolean => /^[A-Za-z][A-Za-z0-9]{4,8}$/.test(text) && /\d/.test(text)

// "128.50" is 12850. null: not an amount, negative, or beyond 10 million yuan.
export function parseMoney(text: string): number | null {
  const match = /^(\d{1,8})(?:\.(\d{1,2}))?$/.exec(text)
  if (!match) return null
  const value = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  return value > 1_000_000_000 ? null : value
}

export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  return match !== null && dayExists(Number(match[1]), Number(match[2]), Number(match[3]))
}

function oneMatches(c: string, wanted: string): boolean {
  if (wanted === '9') return /^\d$/.test(c)
  if (wanted === 'A') return /^[A-Za-z]$/.test(c)
  if (wanted === 'X') return /^[A-Za-z0-9]$/.test(c)
  return wanted === '?' || c === wanted
}

// Of the whole text: 9 a digit, A a letter, X either, ? anything; + after one: once or more often.
export function matches(text: string, pattern: string): boolean {
  if (pattern === '') return text === ''
  const wanted = pattern[0] ?? ''
  if (text === '' || !oneMatches(text[0] ?? '', wanted)) return false
  if (pattern[1] !== '+') return matches(text.slice(1), pattern.slice(1))
  let most = 1
  while (most < text.length && oneMatches(text[most] ?? '', wanted)) ++most
  for (let taken = most; taken >= 1; --taken) if (matches(text.slice(taken), pattern.slice(2))) return true
  return false
}

function wrong(field: BusinessField, code: string, zh: string, en: string): Trouble {
  return { code, where: field.id, text: both(`“${field.title.zh}”${zh}`, `${field.title.en}: ${en}`) }
}

function quantity(field: BusinessField, text: string): number | null {
  if (field.kind === 'money') return parseMoney(text)
  if (field.kind === 'number') return /^-?\d{1,18}$/.test(text) ? Number(text) : null
  return [...text].length
}

function kindTrouble(field: BusinessField, text: string, today: Today): Trouble | null {
  switch (field.kind) {
    case 'mobile':
      return isMobile(text) ? null : wrong(field, 'field.mobile', '应为 11 位手机号', 'a mobile number has 11 digits')
    case 'resident-id':
      if (isResidentId(text, today)) return null
      return wrong(field, 'field.resident-id', '不是有效的 18 位身份证号（校验码或出生日期不对）', 'the check digit or the date of birth is wrong')
    case 'passport':
      return isPassport(text) ? null : wrong(field, 'field.passport', '不是有效的护照号', 'this is no passport number')
    case 'date':
      return isDate(text) ? null : wrong(field, 'field.date', '应为日期，如 2026-11-24', 'a date such as 2026-11-24 is needed')
    case 'money':
    case 'number':
      return quantity(field, text) === null ? wrong(field, 'field.number', '应为数字', 'a number is needed') : null
    case 'choice':
      return field.choices?.some((each) => each.id === text) ? null : wrong(field, 'field.choice', '不在可选项内', 'choose one of those offered')
    default:
      return null
  }
}

function limitTrouble(field: BusinessField, text: string): Trouble | null {
  const value = quantity(field, text)
  if (value === null) return null
  const unit = field.kind === 'money' ? both(' 元', ' yuan') : field.kind === 'number' ? both('', '') : both(' 个字', ' characters')
  const say = (limit: number) => (field.kind === 'money' ? (limit / 100).toFixed(2) : String(limit))
  if (field.min !== undefined && value < field.min) return wrong(field, 'field.too-small', `至少 ${say(field.min)}${unit.zh}`, `at least ${say(field.min)}${unit.en}`)
  if (field.max !== undefined && value > field.max) return wrong(field, 'field.too-large', `最多 ${say(field.max)}${unit.zh}`, `at most ${say(field.max)}${unit.en}`)
  return null
}

// null: good. The order of the checks is the program's.
export function troubleWith(field: BusinessField, text: string, today: Today): Trouble | null {
  if (text === '') return field.required ? wrong(field, 'field.missing', '必填', 'is needed') : null
  const found = kindTrouble(field, text, today) ?? limitTrouble(field, text)
  if (found) return found
  if (field.pattern && !matches(text, field.pattern)) return wrong(field, 'field.pattern', '格式不对', `should look like ${field.pattern}`)
  return null
}

export const kNameField: BusinessField = { id: 'name', title: both('客户姓名', "Customer's name"), kind: 'text', required: true, max: 100 }
export const kMobileField: BusinessField = { id: 'mobile', title: both('联系电话', 'Contact number'), kind: 'mobile', required: true }

// Everything that is wrong, in the order of the form; empty: good.
export function checkFilled(type: BusinessType, filled: Filled, today: Today): Trouble[] {
  const found: Trouble[] = []
  const check = (field: BusinessField, text: string) => {
    const trouble = troubleWith(field, text, today)
    if (trouble) found.push(trouble)
  }
  check(kNameField, filled.name)
  check(kMobileField, filled.mobile)
  for (const field of type.fields) check(field, filled.fields[field.id] ?? (field.kind === 'signature' ? filled.signature : ''))
  for (const id of Object.keys(filled.fields)) {
    if (type.fields.some((field) => field.id === id)) continue
    found.push({ code: 'field.unknown', where: id, text: both(`此业务没有“${id}”一项`, `This business has no field ${id}`) })
  }
  for (const document of type.documents) {
    if (!document.required || filled.documents.includes(document.id)) continue
    found.push({ code: 'field.document-missing', where: document.id, text: both(`请拍摄“${document.title.zh}”`, `Photograph: ${document.title.en}`) })
  }
  return found
}

// The cap on one order; that of the whole hall only the node knows.
export function capTrouble(type: BusinessType, filled: Filled): Trouble | null {
  const amount = type.amount_field ? parseMoney(filled.fields[type.amount_field] ?? '') : null
  if (amount === null || type.cap_item_fen <= 0 || amount <= type.cap_item_fen) return null
  const cap = (type.cap_item_fen / 100).toFixed(2)
  return { code: 'order.over-cap', where: type.amount_field ?? 'amount', text: both(`单笔金额最多 ${cap} 元`, `At most ${cap} yuan for one order`) }
}

// The day in the hall, by the node's clock.
export function todayOf(nowMs: number, zoneMinutes: number): Today {
  const date = new Date(nowMs + zoneMinutes * 60_000)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}
