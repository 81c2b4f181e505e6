import { expect, it } from 'vitest'
import { fromInput, inZone, toInput, usualDue } from './promise'

it("promises on the next ten minutes, in the hall's zone", () => {
  const now = Date.parse('2026-11-24T10:03:00+08:00')
  expect(usualDue({ promise_within_s: 3600 }, now, 480)).toBe('2026-11-24T11:10:00+08:00')
  expect(usualDue({ promise_within_s: 48 * 3600 }, now, -330)).toBe('2026-11-25T20:40:00-05:30')
})
it('shows and takes times of the hall, whatever zone the browser sits in', () => {
  expect(toInput('2026-11-24T11:10:00+08:00')).toBe('2026-11-24T11:10')
  expect(fromInput('2026-11-24T11:10', 480)).toBe('2026-11-24T11:10:00+08:00')
  expect(fromInput('', 480)).toBeNull()
  expect(inZone(0, 0)).toBe('1970-01-01T00:00:00+00:00')
})
