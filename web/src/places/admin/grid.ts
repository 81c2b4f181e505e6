// A unit's shifts as a weekly grid: one band for each time of day, in it a row for each role and a column for each day.
import type { OpeningHours, Shift } from '@/api/types'

export const kDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Day = (typeof kDays)[number]
export type Cells = Record<string, Partial<Record<Day, string[]>>> // by role, by day: people

export interface Band {
  from: string
  to: string // not after `from`: past midnight
  on_call: boolean
  cells: Cells
}
export interface Gap {
  day: Day
  role: string
  from: string
  to: string
}

const kDayMinutes = 1440
const kWeek = 7 * kDayMinutes
export const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text)
const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
const textOf = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

// Minutes of the week, from Monday's midnight; the end may lie in the next week.
function spanOf(time: { from: string; to: string }, day: number): [number, number] {
  const from = minuteOf(time.from)
  const to = minuteOf(time.to)
  return [day * kDayMinutes + from, day * kDayMinutes + (to <= from ? to + kDayMinutes : to)]
}

export function bandsOf(shifts: readonly Shift[]): Band[] {
  const bands = new Map<string, Band>()
  for (const shift of shifts) {
    const key = `${shift.from} ${shift.to} ${shift.on_call ?? false}`
    const band = bands.get(key) ?? { from: shift.from, to: shift.to, on_call: shift.on_call ?? false, cells: {} }
    bands.set(key, band)
    for (const [role, people] of Object.entries(shift.people)) {
      const row = (band.cells[role] ??= {})
      for (const day of shift.days) row[day] = [...new Set([...(row[day] ?? []), ...people])]
    }
  }
  return [...bands.values()]
}

// Days with the same people become one shift; empty places are left out.
export function shiftsOf(bands: readonly Band[]): Shift[] {
  const shifts: Shift[] = []
  for (const band of bands) {
    const byPeople = new Map<string, Shift>()
    for (const day of kDays) {
      const people: Record<string, string[]> = {}
      for (const role of Object.keys(band.cells).sort()) {
        const there = band.cells[role]?.[day] ?? []
        if (there.length) people[role] = there
      }
      if (!Object.keys(people).length) continue
      const key = JSON.stringify(people)
      const shift = byPeople.get(key)
      if (shift) shift.days.push(day)
      else byPeople.set(key, { days: [day], from: band.from, to: band.to, on_call: band.on_call, people })
    }
    shifts.push(...byPeople.values())
  }
  return shifts
}

function meet(a: [number, number], b: [number, number]): boolean {
  return [-kWeek, 0, kWeek].some((turn) => a[0] < b[1] + turn && b[0] + turn < a[1])
}

// Who stands in two bands at the same time: "band day person", once for each place. Two roles in one band are no
// conflict: in a small hall one person does both.
export function clashesOf(bands: readonly Band[]): Set<string> {
  const places: { key: string; band: number; person: string; span: [number, number] }[] = []
  bands.forEach((band, i) => {
    if (!isTime(band.from) || !isTime(band.to)) return
    kDays.forEach((day, n) => {
      const people = new Set(Object.values(band.cells).flatMap((row) => row[day] ?? []))
      for (const person of people) places.push({ key: `${i} ${day} ${person}`, band: i, person, span: spanOf(band, n) })
    })
  })
  const found = new Set<string>()
  for (const a of places) {
    if (places.some((b) => a.band !== b.band && a.person === b.person && meet(a.span, b.span))) found.add(a.key)
  }
  return found
}

// When the doors are open and nobody is on the spot for a role.
export function gapsOf(bands: readonly Band[], hours: readonly OpeningHours[], roles: readonly string[]): Gap[] {
  const gaps: Gap[] = []
  const usable = bands.filter((band) => !band.on_call && isTime(band.from) && isTime(band.to))
  for (const role of roles) {
    const covered = usable.flatMap((band) =>
      kDays.flatMap((day, n) => (band.cells[role]?.[day]?.length ? [spanOf(band, n)] : [])),
    )
    kDays.forEach((day, n) => {
      for (const open of hours.filter((each) => each.days.includes(day))) {
        let [at, end] = spanOf(open, n)
        const stretches = covered
          .flatMap(([from, to]) => [-kWeek, 0, kWeek].map((turn): [number, number] => [from + turn, to + turn]))
          .filter(([from, to]) => to > at && from < end)
          .sort((a, b) => a[0] - b[0])
        const add = (from: number, to: number) => gaps.push({ day, role, from: textOf(from - n * kDayMinutes), to: textOf(to - n * kDayMinutes) })
        for (const [from, to] of stretches) {
          if (from > at) add(at, from)
          at = Math.max(at, to)
        }
        end = Math.max(at, end)
        if (at < end) add(at, end)
      }
    })
  }
  return gaps
}

// The same gap on several days is said once.
export function joinGaps(gaps: readonly Gap[]): { days: Day[]; role: string; from: string; to: string }[] {
  const joined = new Map<string, { days: Day[]; role: string; from: string; to: string }>()
  for (const { day, role, from, to } of gaps) {
    const key = `${role} ${from} ${to}`
    const known = joined.get(key)
    if (known) known.days.push(day)
    else joined.set(key, { days: [day], role, from, to })
  }
  return [...joined.values()]
}
