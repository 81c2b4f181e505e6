import { expect, it } from 'vitest'
import { badRows, fieldOfColumn, type Imported } from './imported'

const message = { zh: '不对', en: 'wrong' }
it('names each wrong cell of each bad row, and says what was kept', () => {
  const imported: Imported = {
    rows: 3, taken: 1, set_aside: 1, already: 0, refused: 1,
    items: [
      { row: 2, number: '1', state: 'taken', problems: [] },
      { row: 3, number: '2', state: 'set-aside', problems: [{ column: 'customer_mobile', code: 'field.mobile', message }, { column: 'field.amount', code: 'field.number', message }] },
      { row: 4, number: 'x', state: 'refused', problems: [{ column: null, code: 'number.malformed', message }] },
    ],
  }
  expect(badRows(imported).map((row) => [row.row, row.column, row.kept])).toEqual([[3, 'customer_mobile', true], [3, 'field.amount', true], [4, '', false]])
  expect(['customer_name', 'customer_mobile', 'field.amount', 'doc.id_card', 'taken_at'].map(fieldOfColumn)).toEqual(['name', 'mobile', 'amount', 'id_card', 'taken_at'])
})
