// The tables of db.ts in IndexedDB.
import Dexie, { type EntityTable } from 'dexie'
import type { Entry, Kept } from './db'

export class PhoneStore extends Dexie {
  declare kept: EntityTable<Kept, 'id'>
  declare outbox: EntityTable<Entry, 'seq'>

  constructor() {
    super('tingan')
    this.version(1).stores({ kept: 'id', outbox: '++seq, person' })
  }
}

export const openStore = () => new PhoneStore()
