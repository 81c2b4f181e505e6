// Emergency acceptance as the pages use it. The program writes every member of an order; its description only promises
// the most important ones.
import type { components } from '@/api/schema'
import type { Text } from '@/api/types'

type Schemas = components['schemas']
type Solid<T, Open extends keyof T = never> = Required<Omit<T, Open>> & Pick<T, Open>

export type FieldKind = Schemas['BusinessField']['kind']
export interface BusinessField {
  id: string
  title: Text
  kind: FieldKind
  required: boolean
  masked?: boolean
  pattern?: string
  min?: number
  max?: number
  choices?: { id: string; title: Text }[]
}
export interface NeededDocument {
  id: string
  title: Text
  required: boolean
}
export interface BusinessType {
  id: string
  title: Text
  pre_acceptable: boolean
  fields: BusinessField[]
  documents: NeededDocument[]
  amount_field: string | null
  cap_item_fen: number
  cap_total_fen: number
  handling_s: number
  steps: Text[]
  keep_days: number
  connector: string | null
  promise: PromiseKind
  promise_within_s: number
}

export const kPromises = ['done', 'come-again', 'home-visit', 'call-back'] as const
export type PromiseKind = (typeof kPromises)[number]
export type OrderKind = 'order' | 'callback'
export type OrderStateName = Schemas['Order']['state']
export const kOrderStates: OrderStateName[] = ['waiting', 'sent', 'unknown', 'set-aside', 'by-hand', 'entered', 'rejected', 'handed-back']

export interface Personal {
  masked?: boolean
  signed?: boolean
  name?: string
  mobile?: string
  fields?: Record<string, string>
  documents?: string[]
  signature?: string
}
export type OrderPromise = Omit<Required<Schemas['Order']['promise']>, 'kind'> & { kind: PromiseKind }
export type Order = Solid<Omit<Schemas['Order'], 'promise' | 'personal'>, 'history' | 'looks'> & {
  promise: OrderPromise
  personal?: Personal | null
}
export type Tally = Required<Schemas['Tally']>
export interface BlockTally {
  device: string | null
  pack: number
  first: number
  last: number
  tally: Tally
  voided: number
  unused: number
  missing: { first: number; last: number }[]
}
export interface Reconciliation {
  unit: string
  reconciled: boolean
  all: Tally
  callbacks: Tally
  reasons: Record<string, number>
  blocks: BlockTally[]
  promises: { open: number; kept: number; broken: number }
  broken: Order[]
  waiting: Order[]
}
export interface Replay {
  unit: string
  replay: number
  state: 'none' | 'running' | 'paused' | 'finished'
  why: string | null
  planned: number
  rate_per_minute: number
  started?: string | null
  finished?: string | null
  by?: string
  entered: number
  under_way: number
  rehearsal: { orders: number; duplicates: number; invalid: number; by_hand: number; unknown: number; late: number; finishing: string }
}
export type NoticeBoard = Solid<Schemas['NoticeBoard']>

// What was filled in for one order, as `check_filled` of the program sees it.
export interface Filled {
  name: string
  mobile: string
  fields: Record<string, string>
  documents: string[]
  signature: string
}

export const yuan = (fen: number): string => (fen / 100).toFixed(2)

// What the business counts as its amount, as the customer reads it; null without one.
export function parseAmount(type: Pick<BusinessType, 'amount_field'> | null, fields: Record<string, string>): string | null {
  const text = type?.amount_field ? fields[type.amount_field] : undefined
  return text && !Number.isNaN(Number(text)) ? Number(text).toFixed(2) : null
}
