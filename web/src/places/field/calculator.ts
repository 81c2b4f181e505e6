// The cover is a real calculator: whoever takes the phone and types on it gets the right sums.
export interface Sum {
  shown: string
  held: number | null
  act: string | null
  fresh: boolean // the next digit starts a new number
}

export const kEmpty: Sum = { shown: '0', held: null, act: null, fresh: true }
const kDigitsMax = 12

function work(a: number, act: string, b: number): number {
  if (act === '+') return a + b
  if (act === '−') return a - b
  if (act === '×') return a * b
  return a / b
}

function show(n: number): string {
  return Number.isFinite(n) ? String(Number(n.toPrecision(kDigitsMax))) : '错误'
}

// A number of four to eight digits, typed whole, and "=": the only thing that somebody may mean otherwise. It shows itself, as any
// number does, and says so once.
export function wordIn(sum: Sum, key: string): string | null {
  return key === '=' && !sum.fresh && sum.act === null && /^[1-9]\d{3,7}$/.test(sum.shown) ? sum.shown : null
}

export function press(sum: Sum, key: string): Sum {
  if (key === 'C') return kEmpty
  if (/^\d$/.test(key)) {
    if (sum.fresh || sum.shown === '0') return { ...sum, shown: key, fresh: false }
    return sum.shown.length >= kDigitsMax ? sum : { ...sum, shown: sum.shown + key }
  }
  if (key === '.') {
    if (sum.fresh) return { ...sum, shown: '0.', fresh: false }
    return sum.shown.includes('.') ? sum : { ...sum, shown: `${sum.shown}.` }
  }
  if (key === '±') return { ...sum, shown: show(-Number(sum.shown)) }
  if (key === '%') return { ...sum, shown: show(Number(sum.shown) / 100), fresh: true }
  const value = Number(sum.shown)
  if (Number.isNaN(value)) return kEmpty
  // An operator after an operator replaces it.
  if (key !== '=' && sum.fresh && sum.act) return { ...sum, act: key }
  const result = sum.act !== null && sum.held !== null ? work(sum.held, sum.act, value) : value
  if (key === '=') return { shown: show(result), held: null, act: null, fresh: true }
  return { shown: show(result), held: result, act: key, fresh: true }
}
