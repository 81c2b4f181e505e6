// Business hours as people say them: "周一至周五 09:00–18:00；周六 10:00–16:00".
import type { OpeningHours } from '@/api/types'
import { kDays } from './grid'

export function sayHours(hours: readonly OpeningHours[], day: (id: string) => string, everyDay: string): string {
  return hours
    .map((open) => {
      const at = open.days.map((each) => kDays.indexOf(each)).sort((a, b) => a - b)
      const run = at.length > 2 && at[at.length - 1]! - at[0]! === at.length - 1
      const days = at.length === 7 ? everyDay : run ? `${day(kDays[at[0]!]!)}–${day(kDays[at[at.length - 1]!]!)}` : at.map((i) => day(kDays[i]!)).join(' ')
      return `${days} ${open.from}–${open.to}`
    })
    .join('；')
}
