// Times as people say them.
import type { Language } from './index'

const kDay = 86_400_000

// "4 分 20 秒", "1 小时 5 分", "2 天 3 小时"; two parts at most, never "0 秒" among others. Rounds down.
export function sayDuration(ms: number, lang: Language): string {
  const total = Math.max(0, Math.floor(Math.abs(ms) / 1000))
  const days = Math.floor(total / 86_400)
  const hours = Math.floor((total % 86_400) / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const seconds = total % 60
  const word =
    lang === 'zh'
      ? { d: ' 天', h: ' 小时', m: ' 分', m1: ' 分钟', s: ' 秒' }
      : { d: ' d', h: ' h', m: ' min', m1: ' min', s: ' s' }
  if (days > 0) return `${days}${word.d}${hours ? ` ${hours}${word.h}` : ''}`
  if (hours > 0) return `${hours}${word.h}${minutes ? ` ${minutes}${word.m}` : ''}`
  if (minutes > 0) return seconds ? `${minutes}${word.m} ${seconds}${word.s}` : `${minutes}${word.m1}`
  return `${seconds}${word.s}`
}

const pad = (n: number) => String(n).padStart(2, '0')

// The organisation's wall clock, whatever zone the browser sits in: "10:05", "昨天 10:05", "11月23日 10:05".
export function sayMoment(iso: string, nowMs: number, lang: Language, seconds = false): string {
  const zone = zoneMinutes(iso)
  const at = Date.parse(iso) + zone * 60_000
  const now = nowMs + zone * 60_000
  const date = new Date(at)
  let clock = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`
  if (seconds) clock += `:${pad(date.getUTCSeconds())}`
  const days = Math.floor(now / kDay) - Math.floor(at / kDay)
  if (days === 0) return clock
  if (days === 1) return lang === 'zh' ? `昨天 ${clock}` : `yesterday ${clock}`
  if (days === -1) return lang === 'zh' ? `明天 ${clock}` : `tomorrow ${clock}`
  const month = date.getUTCMonth()
  const year = new Date(now).getUTCFullYear() === date.getUTCFullYear() ? null : date.getUTCFullYear()
  if (lang === 'zh') return `${year ? `${year}年` : ''}${month + 1}月${date.getUTCDate()}日 ${clock}`
  const kMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
  return `${date.getUTCDate()} ${kMonths[month]}${year ? ` ${year}` : ''} ${clock}`
}

// The device's own moment, in the device's own zone.
export function sayLocalMoment(ms: number, lang: Language): string {
  const offset = -new Date(ms).getTimezoneOffset()
  const sign = offset < 0 ? '-' : '+'
  const zone = `${sign}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`
  return sayMoment(new Date(ms + offset * 60_000).toISOString().replace('Z', zone), Date.now(), lang)
}

// "2026-11-23T10:00:00+08:00" says 480.
export function zoneMinutes(iso: string): number {
  const match = /([+-])(\d\d):(\d\d)$/.exec(iso)
  if (!match) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -minutes : minutes
}
