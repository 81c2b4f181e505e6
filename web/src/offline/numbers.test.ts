import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { db } from './phoneStore'
import { deviceName, dropBlock, giveBack, kReserve, numbersLeft, refillNumbers, takeNumber } from './numbers'

let next: number
let asked: { key: string; body: { device: string; size: number } }[]
let answers: Map<string, string>
let lose: boolean

beforeEach(async () => {
  await Promise.all([db.blocks.clear(), db.kept.clear()])
  next = 1
  asked = []
  answers = new Map()
  lose = false
  // As the node does it: blocks never overlap, the same key gets the same answer.
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    const key = (init.headers as Record<string, string>)['Idempotency-Key'] ?? ''
    const body = JSON.parse(String(init.body)) as { device: string; size: number }
    asked.push({ key, body })
    if (!answers.has(key)) {
      answers.set(key, JSON.stringify({ first: next, last: next + body.size - 1 }))
      next += body.size
    }
    if (lose) return Promise.reject(new TypeError('lost'))
    return Promise.resolve(new Response(answers.get(key), { status: 201 }))
  })
})
afterEach(() => vi.unstubAllGlobals())

it('never gives the same number twice, however many ask at once', async () => {
  await refillNumbers('hall-a')
  const taken = await Promise.all(Array.from({ length: 50 }, () => takeNumber('hall-a')))
  expect(new Set(taken).size).toBe(50)
  expect(await takeNumber('hall-a')).toBeNull()
})

it('keeps a reserve, and asks for no more than that', async () => {
  await refillNumbers('hall-a')
  await refillNumbers('hall-a')
  expect(asked).toHaveLength(1)
  for (let i = 0; i < 50 - kReserve + 1; ++i) await takeNumber('hall-a')
  await refillNumbers('hall-a')
  expect(asked).toHaveLength(2)
  expect(await numbersLeft('hall-a')).toBe(kReserve - 1 + 50)
  expect(asked.every((each) => each.body.device === asked[0]?.body.device)).toBe(true)
  expect(await deviceName()).toBe(asked[0]?.body.device)
})

it('asks again under the same key when the answer was lost: no block is lost with it', async () => {
  lose = true
  await expect(refillNumbers('hall-a')).rejects.toMatchObject({ code: 'net.unreachable' })
  lose = false
  await refillNumbers('hall-a')
  expect(asked.map((each) => each.key)).toEqual([asked[0]?.key, asked[0]?.key])
  expect(await takeNumber('hall-a')).toBe(1)
})

it('holds one block when two pages ask at the same time', async () => {
  await Promise.all([refillNumbers('hall-a'), refillNumbers('hall-a')])
  expect(await db.blocks.count()).toBe(1)
  expect(await numbersLeft('hall-a')).toBe(50)
})

it('uses what was given back before what is fresh, and keeps halls apart', async () => {
  await refillNumbers('hall-a')
  await refillNumbers('hall-b')
  expect([await takeNumber('hall-a'), await takeNumber('hall-a'), await takeNumber('hall-b')]).toEqual([1, 2, 51])
  await giveBack('hall-a', 1)
  await giveBack('hall-a', 1)
  await giveBack('hall-a', 40) // never taken: not spare either
  expect([await takeNumber('hall-a'), await takeNumber('hall-a')]).toEqual([1, 3])
})

it('drops a block that the node does not know', async () => {
  await refillNumbers('hall-a')
  await dropBlock('hall-a', 7)
  expect(await takeNumber('hall-a')).toBeNull()
})
