// What the phone keeps for itself, in IndexedDB: answers of the program for when the network is gone, and what was
// entered but not yet sent. Belongs to this origin and to the person who was signed in.
import type { PhoneStore } from './phoneStore'

export interface Kept {
  id: string // person:name
  at: number
  value: unknown
}

export interface Entry {
  seq: number // the order in which it was entered, and is sent
  key: string // its Idempotency-Key for good
  person: string
  method: 'post' | 'put'
  url: string
  body: unknown // JSON, or a Blob
  label: { zh: string; en: string }
  target: string // what it settles: "step:<incident>/<step>", "notice:<id>", "declare:<key>" ...
  quiet: boolean // of a silent plan: no screen shows it
  at: number
  state: 'waiting' | 'refused'
  refusal?: { code: string; zh: string; en: string }
}

// What seals orders on this device. The key cannot be read out, not even by the page that uses it.
export interface DeviceKey {
  id: 'orders'
  key: CryptoKey
}
// Numbers that this device holds for a hall: [next, last] and those that were given back.
export interface Block {
  seq: number
  unit: string
  first: number
  last: number
  next: number
  spare: number[]
}
export interface SealedBytes {
  iv: Uint8Array
  box: ArrayBuffer
}
// An order that is not with the node yet. Everything about the customer is in the sealed part.
export interface HeldOrder extends SealedBytes {
  seq: number // the order of taking, and of handing over
  id: string // the order's own, for good
  person: string
  unit: string
  business: string
  kind: 'order' | 'callback'
  number: number | null
  at: number
  state: 'draft' | 'waiting' | 'refused'
  slip: boolean // a customer has a slip with its number
  refusal?: { code: string; zh: string; en: string; where?: string }
}
export interface HeldPhoto extends SealedBytes {
  seq: number
  order: string
  document: string
  media: string
  hash: string | null // its name at the node, once it is there
}

// The library behind it comes after the first picture: on a slow line it would stand in its way. The worker keeps it, too.
let opened: Promise<PhoneStore> | null = null
export function store(): Promise<PhoneStore> {
  opened ??= import('./phoneStore')
    .then(({ db }) => db)
    .catch((error: unknown) => {
      opened = null
      throw error
    })
  return opened
}
