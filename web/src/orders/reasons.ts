// Why an order was set aside, left to a person or rejected, in words.
import type { Text } from '@/api/types'
import { kMobileField, kNameField } from './fieldCheck'
import type { BusinessType, Order } from './types'

type Say = (text: Text) => string
type T = (key: string, values?: Record<string, unknown>) => string

const kKnown = ['no-connector', 'callback', 'duplicate', 'rejected', 'no-answer', 'cannot-ask', 'unknown', 'invalid', 'unreadable', 'order.over-cap', 'order.over-total-cap', 'other', 'customer', 'mistake', 'mobile-malformed', 'amount-malformed', 'name-missing', 'twin', 'account-closed', 'never-arrives', 'content-unreadable']

export function titleOfField(type: BusinessType | undefined, id: string): Text {
  if (id === 'name') return kNameField.title
  if (id === 'mobile') return kMobileField.title
  return type?.fields.find((field) => field.id === id)?.title ?? type?.documents.find((document) => document.id === id)?.title ?? { zh: id, en: id }
}

// "field.resident-id:identity" is about one field.
export function doubtText(code: string, type: BusinessType | undefined, say: Say, t: T): string {
  const [what, where] = code.split(':')
  if (where) return t('orders.fieldWrong', { field: say(titleOfField(type, where)) })
  return kKnown.includes(what ?? '') ? t(`orders.code.${(what ?? '').replaceAll('.', '-')}`) : t('orders.codeOther', { code })
}

export function reasonText(order: Order, type: BusinessType | undefined, say: Say, t: T): string {
  if (order.doubts.length && order.state === 'set-aside') return order.doubts.map((doubt) => doubtText(doubt, type, say, t)).join(t('orders.comma'))
  return order.code ? doubtText(order.code, type, say, t) : ''
}
