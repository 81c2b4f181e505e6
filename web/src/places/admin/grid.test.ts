import { describe, expect, it } from 'vitest'
import type { Shift } from '@/api/types'
import { bandsOf, clashesOf, gapsOf, joinGaps, kDays, shiftsOf } from './grid'

const day: Shift = { days: [...kDays], from: '08:30', to: '18:30', on_call: false, people: { clerk: ['a', 'b'], guard: ['g'] } }
const night: Shift = { days: [...kDays], from: '18:30', to: '08:30', on_call: false, people: { guard: ['g'] } }
const open = [{ days: [...kDays], from: '09:00', to: '18:00' }]

describe('the weekly grid', () => {
  it('comes back as the shifts that it was made from', () => {
    expect(shiftsOf(bandsOf([day, night]))).toEqual([day, night])
  })
  it('splits the days where people differ and leaves empty places out', () => {
    const [band] = bandsOf([day])
    band!.cells.clerk!.sat = ['c']
    band!.cells.guard!.sun = []
    band!.cells.clerk!.sun = []
    expect(shiftsOf([band!])).toEqual([
      { ...day, days: ['mon', 'tue', 'wed', 'thu', 'fri'] },
      { ...day, days: ['sat'], people: { clerk: ['c'], guard: ['g'] } },
    ])
  })
  it('joins shifts of the same hours into one band', () => {
    const bands = bandsOf([
      { ...day, days: ['mon'], people: { clerk: ['a'] } },
      { ...day, days: ['mon', 'tue'], people: { guard: ['g'] } },
    ])
    expect(bands).toHaveLength(1)
    expect(bands[0]!.cells).toEqual({ clerk: { mon: ['a'] }, guard: { mon: ['g'], tue: ['g'] } })
  })
})

describe('conflicts', () => {
  it('are not there when one band begins where the other ends', () => {
    expect(clashesOf(bandsOf([day, night]))).toEqual(new Set())
  })
  it('are found past midnight and from Sunday into Monday', () => {
    const early: Shift = { days: ['mon'], from: '06:00', to: '09:00', on_call: false, people: { guard: ['g'] } }
    const late: Shift = { days: ['sun'], from: '22:00', to: '07:00', on_call: false, people: { guard: ['g'] } }
    expect(clashesOf(bandsOf([early, late]))).toEqual(new Set(['0 mon g', '1 sun g']))
  })
  it('are not two roles of one person in one band', () => {
    expect(clashesOf(bandsOf([{ ...day, people: { clerk: ['a'], guide: ['a'] } }]))).toEqual(new Set())
  })
})

describe('gaps', () => {
  it('are none where the roster covers the hours, also in two pieces', () => {
    const morning: Shift = { ...day, to: '12:00', people: { clerk: ['a'] } }
    const rest: Shift = { ...day, from: '12:00', people: { clerk: ['b'] } }
    expect(gapsOf(bandsOf([morning, rest]), open, ['clerk'])).toEqual([])
  })
  it('name the day, the role and the hours; on call is not on the spot', () => {
    const some: Shift = { ...day, days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'], to: '12:00', people: { clerk: ['a'] } }
    const phone: Shift = { ...day, on_call: true, people: { clerk: ['b'] } }
    const gaps = gapsOf(bandsOf([some, phone]), open, ['clerk'])
    expect(joinGaps(gaps)).toEqual([
      { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'], role: 'clerk', from: '12:00', to: '18:00' },
      { days: ['sun'], role: 'clerk', from: '09:00', to: '18:00' },
    ])
  })
  it('see the night shift of the evening before', () => {
    const hours = [{ days: ['mon' as const], from: '00:00', to: '06:00' }]
    expect(gapsOf(bandsOf([{ ...night, days: ['sun'] }]), hours, ['guard'])).toEqual([])
  })
})
