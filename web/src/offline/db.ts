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

// The library behind it comes after the first picture: on a slow line it would stand in its way. The worker keeps it, too.
let opened: Promise<PhoneStore> | null = null
export function store(): Promise<PhoneStore> {
  opened ??= import('./phoneStore')
    .then(({ openStore }) => openStore())
    .catch((error: unknown) => {
      opened = null
      throw error
    })
  return opened
}
