import 'fake-indexeddb/auto'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { identity } from '@/api/client'
import { useSession } from '@/store/session'
import { db } from './phoneStore'
import { deviceName, refillNumbers } from './numbers'
import { newOrderId, useOrderBox, type Draft } from './orderBox'

const kSession = { person: 'p', roles: ['clerk'], unit: 'hall-a', must_change: false, csrf: 'c', expires: '2026-11-24T10:00:00+08:00' }
interface Seen {
  url: string
  body: Record<string, unknown>
}
let seen: Seen[]
let answers: (() => Response | Promise<Response>)[]
const lost = () => Promise.reject(new TypeError('no network'))
const refusal = (code: string) => () => new Response(JSON.stringify({ code, message: { zh: '不行', en: 'No' }, where: 'number' }), { status: 422 })
const orders = () => seen.filter((each) => each.url.endsWith('/orders'))

beforeEach(async () => {
  setActivePinia(createPinia())
  await Promise.all([db.orders.clear(), db.photos.clear(), db.blocks.clear(), db.kept.clear(), db.outbox.clear()])
  seen = []
  answers = []
  let photo = 0
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    if (url.endsWith('/number-blocks')) return Promise.resolve(new Response('{"first":1,"last":50}', { status: 201 }))
    if (url.includes('/photos')) {
      seen.push({ url, body: {} })
      return Promise.resolve((answers.length > 0 && answers[0] === lost ? answers.shift()! : () => new Response(`{"photo":"h${++photo}"}`, { status: 201 }))())
    }
    const body = JSON.parse(String(init.body)) as Record<string, unknown>
    seen.push({ url, body })
    return Promise.resolve((answers.shift() ?? (() => new Response(JSON.stringify({ id: body.id, number: 'hall-a-000001' }), { status: 201 })))())
  })
  useSession().take(kSession)
  await refillNumbers('hall-a')
})
afterEach(() => {
  vi.unstubAllGlobals()
  identity.csrf = null
})

const draft = (more: Partial<Draft> = {}): Draft => ({
  id: newOrderId(),
  unit: 'hall-a',
  business: 'bill-payment',
  kind: 'order',
  incident: null,
  district: '',
  promise: null,
  due: null,
  number: null,
  device: '',
  takenAt: null,
  name: '张三',
  mobile: '13812345678',
  fields: { amount: '50' },
  documents: [],
  signature: '',
  ...more,
})
const all = async () => JSON.stringify(await db.orders.toArray()) + (await db.orders.toArray()).map((row) => new TextDecoder().decode(row.box)).join()

it('takes an order at once while the node is there, with a number of the block, and keeps nothing of it', async () => {
  const taken = await useOrderBox().submit(draft(), [], true)
  expect(taken.how).toBe('arrived')
  expect(orders()).toMatchObject([{ body: { number: 1, device: await deviceName(), name: '张三' } }])
  expect(orders()[0]?.body).not.toHaveProperty('handed_over')
  expect(await db.orders.count()).toBe(0)
})

it('keeps it sealed when the node is gone, and hands it over once, in order, as taken then', async () => {
  const box = useOrderBox()
  const first = draft()
  const second = draft({ name: '李四', kind: 'callback' })
  expect(await box.submit(first, [], false)).toEqual({ how: 'waits', number: 1 })
  answers = [lost]
  expect(await box.submit(second, [], true)).toEqual({ how: 'waits', number: 2 })
  expect(await all()).not.toMatch(/张三|李四|13812345678/)
  expect(box.waiting.map((row) => [row.number, row.state])).toEqual([[1, 'waiting'], [2, 'waiting']])
  seen = []
  await box.flush()
  await box.flush()
  expect(seen.map((each) => [each.url, each.body.id, each.body.handed_over])).toEqual([
    ['/api/v1/orders', first.id, true],
    ['/api/v1/callbacks', second.id, true],
  ])
  expect(seen[0]?.body.taken_at).toBe(first.takenAt)
  expect(await db.orders.count()).toBe(0)
})

it('hands over what came in while it was handing over', async () => {
  const box = useOrderBox()
  await box.submit(draft(), [], false)
  const late = draft({ name: '李四' })
  answers = [
    async () => {
      await box.submit(late, [], false)
      void box.flush()
      return new Response('{"id":"i"}', { status: 201 })
    },
  ]
  await box.flush()
  expect(orders().map((each) => each.body.name)).toEqual(['张三', '李四'])
  expect(box.rows).toHaveLength(0)
})

it('leaves word for a new origin that orders wait here', async () => {
  const box = useOrderBox()
  await box.submit(draft(), [], false)
  expect(document.cookie).toMatch(/_orders=1%20http/)
  await box.flush()
  expect(document.cookie).not.toMatch(/_orders=[1-9]/)
})

it('sends the very same order again when only the answer was lost', async () => {
  const box = useOrderBox()
  await box.submit(draft(), [], false)
  answers = [lost]
  await box.flush()
  expect(box.waiting).toHaveLength(1)
  await box.flush()
  expect(orders()[0]?.body).toEqual(orders()[1]?.body)
  expect(box.rows).toHaveLength(0)
})

it('gives a refusal back to the form with the same id and number', async () => {
  const box = useOrderBox()
  const order = draft()
  answers = [refusal('order.over-total-cap')]
  expect(await box.submit(order, [], true)).toMatchObject({ how: 'refused', problem: { code: 'order.over-total-cap' } })
  order.fields.amount = '5'
  expect((await box.submit(order, [], true)).how).toBe('arrived')
  expect(orders().map((each) => [each.body.id, each.body.number])).toEqual([[order.id, 1], [order.id, 1]])
})

it('keeps a conflict with its reason, goes on with the next, and sends it again when told to', async () => {
  const box = useOrderBox()
  await box.submit(draft(), [], false)
  await box.submit(draft(), [], false)
  answers = [refusal('number.used')]
  await box.flush()
  expect(box.refused.map((row) => [row.number, row.refusal?.code, row.refusal?.where])).toEqual([[1, 'number.used', 'number']])
  expect(box.waiting).toHaveLength(0)
  expect((await box.open(box.refused[0]!.id))?.draft.name).toBe('张三')
  await box.retry(box.refused[0]!)
  expect(box.rows).toHaveLength(0)
})

it('asks the node for a number when it does not know the one of the block', async () => {
  answers = [refusal('number.not-granted')]
  expect((await useOrderBox().submit(draft(), [], true)).how).toBe('arrived')
  expect(orders().map((each) => each.body.number)).toEqual([1, undefined])
  expect(await db.blocks.count()).toBe(0)
})

it('hands pictures over before their order, each once', async () => {
  const box = useOrderBox()
  const shots = ['id_card', 'proof'].map((document) => ({ document, file: new Blob([document], { type: 'image/jpeg' }) }))
  await box.submit(draft({ documents: ['id_card', 'proof'] }), shots, false)
  expect(await Promise.all((await box.open(box.waiting[0]!.id))!.shots.map((shot) => shot.file.text()))).toEqual(['id_card', 'proof'])
  await box.flush()
  expect(orders()[0]?.body).toMatchObject({ documents: ['id_card', 'proof'], photos: ['h1', 'h2'] })
  expect(await db.photos.count()).toBe(0)
})

it('never sends what another person took, but says that it is there', async () => {
  await useOrderBox().submit(draft(), [], false)
  setActivePinia(createPinia())
  useSession().take({ ...kSession, person: 'q' })
  const box = useOrderBox()
  await box.flush()
  expect(orders()).toEqual([])
  expect([box.rows.length, box.others]).toEqual([0, 1])
})

it('gives the number of an order that was given up to the next one', async () => {
  const box = useOrderBox()
  const order = draft()
  answers = [refusal('order.over-cap')]
  await box.submit(order, [], true)
  await box.drop(order.id, true)
  await box.submit(draft(), [], true)
  expect(orders().map((each) => each.body.number)).toEqual([1, 1])
})

it('leaves the number of a slip alone when its order is given up, and sends a reopened one as taken then', async () => {
  const box = useOrderBox()
  const order = draft()
  await box.submit(order, [], false)
  answers = [refusal('business.unknown')]
  await box.flush()
  await box.hold(order, 'draft') // opened again from the list
  expect((await box.submit(order, [], true)).how).toBe('arrived')
  expect(orders()[1]?.body).toMatchObject({ number: 1, handed_over: true, taken_at: order.takenAt })
  const lost = draft()
  await box.submit(lost, [], false)
  await box.drop(lost.id, true)
  await box.submit(draft(), [], true)
  expect(orders()[2]?.body.number).toBe(3)
})

it('keeps nothing where nothing can be sealed: on line it works, out of reach it says so', async () => {
  vi.stubGlobal('isSecureContext', false)
  const box = useOrderBox()
  expect((await box.submit(draft(), [], true)).how).toBe('arrived')
  answers = [lost]
  expect(await box.submit(draft(), [], false)).toMatchObject({ how: 'refused', problem: { code: 'net.unreachable' } })
  expect(await db.orders.count()).toBe(0)
})

it('makes ids that the node takes for UUIDs', () => {
  expect(newOrderId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
