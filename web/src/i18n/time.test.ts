import { describe, expect, it } from 'vitest'
import { sayDuration, sayMoment } from './time'

describe('durations as people say them', () => {
  it.each([
    [0, '0 秒', '0 s'],
    [59_999, '59 秒', '59 s'],
    [60_000, '1 分钟', '1 min'],
    [260_000, '4 分 20 秒', '4 min 20 s'],
    [3_600_000, '1 小时', '1 h'],
    [3_900_000, '1 小时 5 分', '1 h 5 min'],
    [90_000_000, '1 天 1 小时', '1 d 1 h'],
    [-125_000, '2 分 5 秒', '2 min 5 s'],
  ])('%d ms', (ms, zh, en) => {
    expect(sayDuration(ms, 'zh')).toBe(zh)
    expect(sayDuration(ms, 'en')).toBe(en)
  })
})

describe('moments on the organisation’s own clock', () => {
  const now = Date.parse('2026-11-24T00:30:00+08:00')
  it('today, yesterday, another day, another year', () => {
    expect(sayMoment('2026-11-24T00:05:09+08:00', now, 'zh')).toBe('00:05')
    expect(sayMoment('2026-11-24T00:05:09+08:00', now, 'zh', true)).toBe('00:05:09')
    expect(sayMoment('2026-11-23T23:50:00+08:00', now, 'zh')).toBe('昨天 23:50')
    expect(sayMoment('2026-11-25T08:00:00+08:00', now, 'en')).toBe('tomorrow 08:00')
    expect(sayMoment('2026-11-01T09:00:00+08:00', now, 'zh')).toBe('11月1日 09:00')
    expect(sayMoment('2025-12-31T09:00:00+08:00', now, 'en')).toBe('31 Dec 2025 09:00')
  })
})
