// What came of a file of orders: the good rows are taken, each bad one is named with its reason.
import type { Text } from '@/api/types'

export interface BadRow {
  row: number
  column: string
  text: Text
}
export interface Imported {
  taken: number
  again: number // were there already
  bad: BadRow[]
}
type Raw = { taken?: number; again?: number; rows?: { row?: number; column?: string | null; where?: string | null; message?: Text; text?: Text }[]; errors?: Raw['rows'] }

export function readImport(answer: unknown): Imported {
  const raw = (answer ?? {}) as Raw
  const bad = (raw.errors ?? raw.rows ?? []).map((row) => ({ row: row.row ?? 0, column: row.column ?? row.where ?? '', text: row.message ?? row.text ?? { zh: '', en: '' } }))
  return { taken: raw.taken ?? 0, again: raw.again ?? 0, bad }
}
