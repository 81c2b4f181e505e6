// The numbers that this device holds. Whoever takes one does it inside one IndexedDB transaction, so that two pages of
// one device never get the same; two devices never hold the same block.
import { api, newKey } from '@/api/client'
import { db } from './phoneStore'

export const kReserve = 20
const kBlock = 50
const kDevice = 'device'
const wishName = (unit: string) => `numbers:${unit}`

// A name for this browser profile, for good: what the reconciliation lists.
export async function deviceName(): Promise<string> {
  return db.transaction('rw', db.kept, async () => {
    const kept = await db.kept.get(kDevice)
    if (kept) return String(kept.value)
    const kLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789' // none that look alike
    const bytes = crypto.getRandomValues(new Uint8Array(6))
    const value = `phone-${Array.from(bytes, (byte) => kLetters[byte % kLetters.length]).join('')}`
    await db.kept.put({ id: kDevice, at: Date.now(), value })
    return value
  })
}

// null: none left.
export async function takeNumber(unit: string): Promise<number | null> {
  return db.transaction('rw', db.blocks, async () => {
    for (const block of await db.blocks.where('unit').equals(unit).sortBy('first')) {
      const spare = [...block.spare].sort((a, b) => a - b)
      const again = spare.shift()
      if (again !== undefined) {
        await db.blocks.update(block.seq, { spare })
        return again
      }
      if (block.next > block.last) continue
      await db.blocks.update(block.seq, { next: block.next + 1 })
      return block.next
    }
    return null
  })
}

// Of an order that was given up before anybody saw its number.
export async function giveBack(unit: string, number: number): Promise<void> {
  await db.transaction('rw', db.blocks, async () => {
    for (const block of await db.blocks.where('unit').equals(unit).toArray()) {
      const own = block.first <= number && number < block.next
      if (own && !block.spare.includes(number)) await db.blocks.update(block.seq, { spare: [...block.spare, number] })
    }
  })
}

// The node says that it never gave this number, or that it is gone: the block is not ours any more.
export async function dropBlock(unit: string, number: number): Promise<void> {
  await db.transaction('rw', db.blocks, async () => {
    for (const block of await db.blocks.where('unit').equals(unit).toArray()) {
      if (block.first <= number && number <= block.last) await db.blocks.delete(block.seq)
    }
  })
}

export async function numbersLeft(unit: string): Promise<number> {
  const blocks = await db.blocks.where('unit').equals(unit).toArray()
  return blocks.reduce((sum, block) => sum + block.spare.length + Math.max(0, block.last - block.next + 1), 0)
}

// Its key is kept until the answer is here: a lost answer, or a second page that asks meanwhile, gets the same block.
async function wishKey(unit: string): Promise<string> {
  return db.transaction('rw', db.kept, async () => {
    const kept = await db.kept.get(wishName(unit))
    if (kept) return String(kept.value)
    const value = newKey()
    await db.kept.put({ id: wishName(unit), at: Date.now(), value })
    return value
  })
}

// Throws the node's Problem.
export async function refillNumbers(unit: string): Promise<void> {
  if ((await numbersLeft(unit)) >= kReserve) return
  const device = await deviceName()
  const key = await wishKey(unit)
  const granted = await api.post('/api/v1/number-blocks', { body: { unit, device, size: kBlock }, key })
  await db.transaction('rw', db.blocks, db.kept, async () => {
    const there = await db.blocks.where('[unit+first]').equals([unit, granted.first]).count()
    if (there === 0) await db.blocks.add({ unit, first: granted.first, last: granted.last, next: granted.first, spare: [] })
    const wish = await db.kept.get(wishName(unit))
    if (wish?.value === key) await db.kept.delete(wishName(unit))
  })
}
