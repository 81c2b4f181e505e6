// What came of a file of orders: the good rows are taken, each bad one is named with its reason.
import type { Text } from '@/api/types'

export interface Imported {
  rows: number
  taken: number
  set_aside: number
  already: number
  refused: number
  items: {
    row: number
    number: string
    state: 'taken' | 'set-aside' | 'already' | 'refused'
    problems: { column: string | null; code: string; message: Text }[]
  }[]
}
export interface BadRow {
  row: number
  number: string
  column: string
  text: Text
  kept: boolean // taken all the same, and set aside for repair
}

export function badRows(imported: Imported): BadRow[] {
  return imported.items.flatMap((item) =>
    item.problems.map((problem) => ({
      row: item.row,
      number: item.number,
      column: problem.column ?? '',
      text: problem.message,
      kept: item.state === 'set-aside',
    })),
  )
}
// "field.amount" is the field's own name in the form.
export const fieldOfColumn = (column: string): string => column.replace(/^(field|doc)\./, '').replace(/^customer_(name|mobile)$/, '$1')
