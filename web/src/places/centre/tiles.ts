// What each hall shows on the wall: the heaviest of what is open there, and the earliest deadline.
import type { IncidentRow, Unit } from '@/api/types'

export interface Tile {
  unit: Unit
  mine: IncidentRow[]
  worst?: IncidentRow
  tone: 'danger' | 'major' | 'minor' | 'contained' | 'drill' | 'calm'
  due?: string
}

const kWeight = { danger: 0, major: 1, minor: 2 }
const kTones = ['danger', 'major', 'minor', 'contained', 'drill', 'calm']

function heavier(a: IncidentRow, b: IncidentRow): number {
  return Number(a.drill) - Number(b.drill) || kWeight[a.severity] - kWeight[b.severity]
}

// Halls in danger first, quiet ones last.
export function tilesOf(units: Unit[], rows: IncidentRow[]): Tile[] {
  return units
    .filter((unit) => unit.kind === 'hall')
    .map((unit): Tile => {
      const mine = rows.filter((row) => row.unit === unit.id)
      const worst = [...mine].sort(heavier)[0]
      const tone = !worst ? 'calm' : worst.drill ? 'drill' : worst.state === 'contained' ? 'contained' : worst.severity
      const due = mine.flatMap((row) => row.next_due ?? []).sort()[0]
      return { unit, mine, worst, tone, due }
    })
    .sort((a, b) => kTones.indexOf(a.tone) - kTones.indexOf(b.tone))
}
