import { zoneMinutes } from '@/i18n/time'
import type { BusinessType } from './types'

const kStep = 10 * 60_000

// When it is promised for by default: the type's own time from now, on the next ten minutes, in the hall's zone.
export function usualDue(type: Pick<BusinessType, 'promise_within_s'>, nowMs: number, zone: number): string {
  const at = Math.ceil((nowMs + type.promise_within_s * 1000) / kStep) * kStep
  return inZone(at, zone)
}

export function inZone(ms: number, zone: number): string {
  const pad = (n: number) => String(n).padStart(2, '0')
  const local = new Date(ms + zone * 60_000).toISOString().slice(0, 19)
  return `${local}${zone < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(zone) / 60))}:${pad(Math.abs(zone) % 60)}`
}

// <input type="datetime-local"> has no zone: it shows the hall's.
export const toInput = (iso: string): string => iso.slice(0, 16)
export function fromInput(text: string, zone: number): string | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return null
  return inZone(Date.parse(`${text.slice(0, 16)}:00Z`) - zone * 60_000, zone)
}

export const zoneOf = (iso: string): number => zoneMinutes(iso)
