// What the phone keeps for itself, in IndexedDB: answers of the program for when the network is gone, and what was
// entered but not yet sent. Belongs to this origin and to the person who was signed in.
import Dexie, { type EntityTable } from 'dexie'

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

class PhoneStore extends Dexie {
  declare kept: EntityTable<Kept, 'id'>
  declare outbox: EntityTable<Entry, 'seq'>

  constructor() {
    super('tingan')
    this.version(1).stores({ kept: 'id', outbox: '++seq, person' })
  }
}

export const db = new PhoneStore()
