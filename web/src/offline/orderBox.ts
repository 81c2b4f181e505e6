// Orders on their way from this device to the node: sealed first, then sent; what could not be sent waits, in the order
// of taking, and is handed over once, under the order's own id. Gone from the device when the node has it. What the node
// refuses stays with its reason until a person deals with it.
import { defineStore } from 'pinia'
import { computed, ref, toRaw } from 'vue'
import { identity, newKey, request } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import type { Filled, Order, OrderKind, PromiseKind } from '@/orders/types'
import { useSession } from '@/store/session'
import type { HeldOrder } from './db'
import { db } from './phoneStore'
import { deviceName, dropBlock, giveBack, takeNumber } from './numbers'
import { noteWaiting } from './origin'
import { useOutbox } from './outbox'
import { canSeal, seal, sealText, unseal, unsealText } from './seal'
import { makeSender } from './sender'

export interface Draft extends Filled {
  id: string
  unit: string
  business: string
  kind: OrderKind
  incident: string | null
  district: string
  promise: PromiseKind | null
  due: string | null
  number: number | null
  device: string
  takenAt: string | null
}
export interface Shot {
  document: string
  file: Blob
}
export type HeldRow = Omit<HeldOrder, 'iv' | 'box'>
export type Taken = { how: 'arrived'; order: Order } | { how: 'waits'; number: number | null } | { how: 'refused'; problem: Problem }

const kAtOnceMs = 6000 // a customer stands there: after this it waits in the box
const kStrangeNumber = ['number.not-granted', 'number.used']

// UUID version 4; `randomUUID` needs a secure origin.
export function newOrderId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const hex = newKey().split('')
  hex[12] = '4'
  hex[16] = '89ab'[parseInt(hex[16] ?? '0', 16) % 4] ?? '8'
  const text = hex.join('')
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-')
}

export function bodyOf(draft: Draft, photos: string[], handedOver: boolean): Record<string, unknown> {
  const body: Record<string, unknown> = {
    id: draft.id,
    unit: draft.unit,
    business: draft.business,
    name: draft.name,
    mobile: draft.mobile,
    fields: draft.fields,
    documents: draft.documents,
    signature: draft.signature,
    photos,
  }
  if (draft.number !== null) Object.assign(body, { number: draft.number, device: draft.device })
  if (draft.incident) body.incident = draft.incident
  if (draft.district) body.district = draft.district
  if (draft.promise) body.promise = draft.promise
  if (draft.due) body.promise_due = draft.due
  if (handedOver) Object.assign(body, { handed_over: true, taken_at: draft.takenAt })
  return body
}

export const useOrderBox = defineStore('orderBox', () => {
  const session = useSession()
  const outbox = useOutbox()
  const rows = ref<HeldRow[]>([])
  const others = ref(0) // of other people on this device: theirs to send
  const onArrived = new Set<(order: Order) => void>()
  const submitting = new Set<string>() // with the clerk still waiting for the answer

  const waiting = computed(() => rows.value.filter((row) => row.state === 'waiting'))
  const refused = computed(() => rows.value.filter((row) => row.state === 'refused'))

  async function load(): Promise<void> {
    const person = session.who?.person
    const all = await db.orders.toArray().catch(() => [])
    rows.value = all
      .filter((row) => row.person === person)
      .map((row): HeldRow => ({ ...row, iv: undefined, box: undefined }) as HeldRow)
      .sort((a, b) => a.seq - b.seq)
    others.value = all.filter((row) => row.person !== person && row.state !== 'draft').length
    noteWaiting(all.filter((row) => row.state !== 'draft').length, 'orders')
  }

  // Resolves when it rests on the device. Without the means to seal nothing is kept.
  async function hold(draft: Draft, state: HeldOrder['state'], shots?: Shot[], slip = false): Promise<void> {
    if (!canSeal()) return
    const plain = toRaw(draft)
    const sealed = await sealText(draft.id, JSON.stringify(plain))
    const photos = shots ? await Promise.all(shots.map(async (shot) => ({ shot, box: await seal(draft.id, new Uint8Array(await shot.file.arrayBuffer())) }))) : null
    const { id, unit, business, kind, number } = plain
    await db.transaction('rw', db.orders, db.photos, async () => {
      const before = await db.orders.where('id').equals(id).first()
      const row = { ...sealed, id, unit, business, kind, number, state, person: session.who?.person ?? '', at: before?.at ?? Date.now(), slip: slip || (before?.slip ?? false) }
      if (before) await db.orders.put({ ...row, seq: before.seq })
      else await db.orders.add(row)
      if (!photos) return
      await db.photos.where('order').equals(id).delete()
      for (const { shot, box } of photos) await db.photos.add({ ...box, order: id, document: shot.document, media: shot.file.type, hash: null })
    })
    await load()
  }

  // Null: not here, or sealed by another device.
  async function open(id: string): Promise<{ draft: Draft; shots: Shot[] } | null> {
    const row = await db.orders.where('id').equals(id).first()
    if (!row) return null
    try {
      const draft = JSON.parse(await unsealText(id, row)) as Draft
      const kept = await db.photos.where('order').equals(id).sortBy('seq')
      const shots = await Promise.all(kept.map(async (photo) => ({ document: photo.document, file: new Blob([await unseal(id, photo)], { type: photo.media }) })))
      return { draft, shots }
    } catch {
      return null
    }
  }

  // The number goes to the next order, unless somebody has a slip with it: then it shows as missing until it is void.
  async function drop(id: string, spareNumber: boolean): Promise<void> {
    const row = await db.orders.where('id').equals(id).first()
    await db.transaction('rw', db.orders, db.photos, async () => {
      await db.orders.where('id').equals(id).delete()
      await db.photos.where('order').equals(id).delete()
    })
    if (spareNumber && row?.number && !row.slip) await giveBack(row.unit, row.number)
    await load()
  }

  // Documents first: the order names them. Each goes up once; its name is kept beside it.
  async function sendPhotos(draft: Draft, signal?: AbortSignal): Promise<string[]> {
    const names: string[] = []
    for (const photo of await db.photos.where('order').equals(draft.id).sortBy('seq')) {
      if (!photo.hash) {
        const file = new Blob([await unseal(draft.id, photo)], { type: photo.media })
        const stored = await sendPhoto(draft, file, signal)
        photo.hash = stored
        await db.photos.update(photo.seq, { hash: stored })
      }
      names.push(photo.hash)
    }
    return names
  }
  async function sendPhoto(draft: Draft, file: Blob, signal?: AbortSignal): Promise<string> {
    const url = `/api/v1/orders/${draft.id}/photos?unit=${encodeURIComponent(draft.unit)}`
    const answer = await request({ method: 'post', url, body: file, signal })
    return ((await answer.json()) as { photo: string }).photo
  }

  // Throws Problem. The order's id makes it one order, however often it is sent.
  async function send(draft: Draft, photos: string[], handedOver: boolean, signal?: AbortSignal): Promise<Order> {
    const url = draft.kind === 'callback' ? '/api/v1/callbacks' : '/api/v1/orders'
    const answer = await request({ method: 'post', url, body: bodyOf(draft, photos, handedOver), signal })
    return (await answer.json()) as Order
  }

  // An order that has a slip already was taken then, not now.
  async function sendAtOnce(draft: Draft, shots: Shot[], signal: AbortSignal): Promise<Order> {
    const late = (await db.orders.where('id').equals(draft.id).first().catch(() => undefined))?.slip ?? false
    const photos = canSeal() ? await sendPhotos(draft, signal) : await Promise.all(shots.map((shot) => sendPhoto(draft, shot.file, signal)))
    try {
      return await send(draft, photos, late, signal)
    } catch (error) {
      if (draft.number === null || !kStrangeNumber.includes(asProblem(error).code)) throw error
      // No slip is out yet: the node gives a number of its own.
      await dropBlock(draft.unit, draft.number)
      draft.number = null
      return await send(draft, photos, late, signal)
    }
  }

  // What the clerk confirmed. A refusal goes back to the form, with the order's id and number; out of reach it waits.
  async function submit(draft: Draft, shots: Shot[], reachable: boolean): Promise<Taken> {
    if (draft.number === null) {
      draft.device = await deviceName()
      draft.number = await takeNumber(draft.unit).catch(() => null)
    }
    draft.takenAt ??= new Date().toISOString()
    // From here on it is an order: a page that is closed now leaves it to be handed over.
    submitting.add(draft.id)
    try {
      await hold(draft, 'waiting', shots)
      return await submitHeld(draft, shots, reachable)
    } finally {
      submitting.delete(draft.id)
    }
  }
  async function submitHeld(draft: Draft, shots: Shot[], reachable: boolean): Promise<Taken> {
    if (reachable || !canSeal()) {
      const patience = new AbortController()
      const timer = canSeal() ? setTimeout(() => patience.abort(), kAtOnceMs) : undefined
      try {
        if (!identity.csrf) await session.confirm()
        const order = await sendAtOnce(draft, shots, patience.signal)
        if (canSeal()) await drop(draft.id, false)
        return { how: 'arrived', order }
      } catch (error) {
        const problem = asProblem(error)
        if (!canSeal() || (!problem.transient && !problem.signedOut)) {
          await hold(draft, 'draft')
          return { how: 'refused', problem }
        }
      } finally {
        clearTimeout(timer)
      }
    }
    await hold(draft, 'waiting', undefined, true)
    submitting.delete(draft.id)
    sender.soon()
    return { how: 'waits', number: draft.number }
  }

  async function refuse(row: HeldRow, problem: Problem): Promise<void> {
    const refusal = { code: problem.code, ...problem.text, where: problem.body?.where ?? undefined }
    await db.orders.update(row.seq, { state: 'refused', refusal }).catch(() => undefined)
    await load()
  }

  // False: stop for now.
  async function handOver(row: HeldRow): Promise<boolean> {
    const held = await open(row.id)
    if (!held) return true
    try {
      const photos = await sendPhotos(held.draft)
      const order = await send(held.draft, photos, true)
      await drop(row.id, false)
      sender.fresh()
      onArrived.forEach((tell) => tell(order))
      return true
    } catch (error) {
      return await sender.failed(error, (problem) => refuse(row, problem))
    }
  }

  async function handOverAll(): Promise<boolean> {
    await load()
    if (waiting.value.length === 0) return true
    if (!(await sender.signedIn())) return false
    // The outage itself may wait to be declared: the orders belong to it.
    await outbox.flush()
    const ready = waiting.value.filter((row) => !submitting.has(row.id))
    for (const row of ready) if (!(await handOver(row))) return false
    return true
  }
  const sender = makeSender({ lock: 'tingan.orders', pass: handOverAll, able: canSeal, onPerson: load })
  const { flush, start } = sender

  // Sent again as it is, after a person looked at the reason.
  async function retry(row: HeldRow): Promise<void> {
    await db.orders.update(row.seq, { state: 'waiting', refusal: undefined })
    await flush()
  }

  return { rows, others, waiting, refused, onArrived, load, hold, open, drop, submit, retry, flush, start }
})
